import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import type { UserBrief } from "@/api/types";
import { cx } from "@/lib/cx";

/** Name and lock; falls back to the username where there is no display name. */
export function DisplayName({ user, className }: { user: UserBrief; className?: string }) {
  return (
    <span className={cx("flex min-w-0 items-center gap-1 font-bold", className)}>
      <bdi className="truncate">{user.display_name || user.username}</bdi>
      {user.protected && <Lock className="size-3.5 shrink-0" role="img" aria-label="Protected account" />}
    </span>
  );
}

export function UserLink({ user, className }: { user: UserBrief; className?: string }) {
  return (
    <Link
      to="/@{$username}"
      params={{ username: user.username }}
      className={cx("min-w-0 underline-offset-2 hover:underline", className)}
    >
      <DisplayName user={user} />
    </Link>
  );
}
