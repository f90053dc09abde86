import { useNavigate } from "@tanstack/react-router";
import { Ellipsis, Keyboard, LogOut, Settings } from "lucide-react";
import { useMe } from "@/domain/users/cache";
import { DisplayName } from "@/domain/users/components/user-names";
import { signOut } from "@/domain/users/sign-out";
import { Avatar } from "@/ui/avatar";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { shortcutsOpen } from "../shortcuts";

export function AccountMenu() {
  const me = useMe();
  const navigate = useNavigate();
  if (!me) return null;
  return (
    <Menu
      side="top"
      align="start"
      trigger={
        <button
          type="button"
          aria-label={`Account menu of @${me.username}`}
          className="flex w-full items-center gap-3 rounded-full p-2 text-left transition-colors hover:bg-hover"
        >
          <Avatar user={me} className="size-10 text-base" />
          <span className="hidden min-w-0 flex-1 leading-tight xl:block">
            <DisplayName user={me} className="flex text-[15px]" />
            <span className="block truncate text-sm text-muted">@{me.username}</span>
          </span>
          <Ellipsis className="hidden size-5 text-muted xl:block" aria-hidden="true" />
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
