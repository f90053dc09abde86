import { useQueryClient } from "@tanstack/react-query";
import { Link, type LinkProps, useLocation } from "@tanstack/react-router";
import { showArrivals } from "@/domain/posts/arrivals";
import { useUnreadCount } from "@/domain/unread";
import { useMe } from "@/domain/users/cache";
import { cx } from "@/lib/cx";
import type { NavigationEntry } from "../navigation";

interface NavLinkProps {
  entry: NavigationEntry;
  layout: "rail" | "bar";
}

const rail =
  "group/nav flex w-fit items-center gap-4 rounded-full p-3 text-[18px] transition-colors hover:bg-hover xl:pr-6 " +
  "aria-[current=page]:font-bold";
const bar = "grid flex-1 place-items-center py-3 aria-[current=page]:text-accent";

export function NavLink({ entry, layout }: NavLinkProps) {
  const me = useMe();
  const unread = useUnreadCount();
  const client = useQueryClient();
  const isHome = entry.to === "/";
  const isProfile = entry.to === "/@{$username}";
  const onMyTab = useOnMyTab(isProfile ? me?.username : undefined);
  const count = entry.to === "/notifications" ? unread : 0;
  const target = {
    to: entry.to,
    ...(isProfile && { params: { username: me?.username ?? "" } }),
  } as LinkProps;
  const onClick = () => {
    if (!isHome || location.pathname !== "/") return;
    showArrivals(client);
    window.scrollTo({ top: 0, behavior: "smooth" });
  };
  return (
    <Link
      {...target}
      activeOptions={{ exact: isHome || isProfile }}
      aria-current={onMyTab ? "page" : undefined}
      onClick={onClick}
      aria-label={count > 0 ? `${entry.label}, ${count} new` : entry.label}
      title={entry.label}
      className={layout === "rail" ? rail : bar}
    >
      <span className="relative">
        <entry.icon
          className="size-6.5 group-aria-[current=page]/nav:stroke-[2.4]"
          strokeWidth={1.8}
          aria-hidden="true"
        />
        {count > 0 && <Badge count={count} />}
      </span>
      {layout === "rail" && (
        <span aria-hidden="true" className="hidden xl:inline">
          {entry.label}
        </span>
      )}
    </Link>
  );
}

/** Whether the page is a further tab of this profile; its posts and lists of people are pages of their own. */
function useOnMyTab(username: string | undefined): boolean {
  const { pathname } = useLocation();
  return username !== undefined && [`/@${username}/replies`, `/@${username}/likes`].includes(pathname);
}

function Badge({ count }: { count: number }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        "absolute -top-1.5 left-3.5 grid h-4.5 min-w-4.5 animate-pop place-items-center rounded-full px-1",
        "bg-accent text-[11px] font-bold text-on-accent ring-2 ring-bg",
      )}
    >
      {count > 99 ? "99+" : count}
    </span>
  );
}
