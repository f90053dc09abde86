import { useNavigate } from "@tanstack/react-router";
import { Ellipsis, Keyboard, LogOut, Settings } from "lucide-react";
import { useMe } from "@/domain/users/cache";
import { DisplayName } from "@/domain/users/components/user-names";
import { signOut } from "@/domain/users/sign-out";
import { cx } from "@/lib/cx";
import { Avatar } from "@/ui/avatar";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { shortcutsOpen } from "../shortcuts";

/** `compact`: only the picture, for the top of a phone. */
export function AccountMenu({ compact = false }: { compact?: boolean }) {
  const me = useMe();
  const navigate = useNavigate();
  if (!me) return null;
  return (
    <Menu
      side={compact ? "bottom" : "top"}
      align={compact ? "end" : "start"}
      trigger={
        <button
          type="button"
          aria-label={`Account menu of @${me.username}`}
          className={cx(
            "flex items-center gap-3 rounded-full text-left transition-colors hover:bg-hover",
            !compact && "w-full p-2",
          )}
        >
          <Avatar user={me} className={compact ? "size-8 text-sm" : "size-10 text-base"} />
          <span className={cx("hidden min-w-0 flex-1 leading-tight", !compact && "xl:block")}>
            <DisplayName user={me} className="text-[15px]" />
            <span className="block truncate text-sm text-muted">@{me.username}</span>
          </span>
          <Ellipsis className={cx("hidden size-5 text-muted", !compact && "xl:block")} aria-hidden="true" />
        </button>
      }
    >
      <MenuItem icon={Settings} onSelect={() => void navigate({ to: "/settings" })}>
        Settings
      </MenuItem>
      <MenuItem icon={Keyboard} onSelect={() => shortcutsOpen.set(true)}>
        Keyboard shortcuts
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={LogOut} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
