import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Relationship, UserBrief } from "@/api/types";
import { Avatar } from "@/ui/avatar";
import { FollowButton } from "./follow-button";
import { DisplayName } from "./user-names";

interface UserRowProps {
  user: UserBrief & { viewer?: Relationship | null; bio?: string };
  /** Instead of the follow button. */
  action?: ReactNode;
  /** The link to the profile has been followed. */
  onOpen?: () => void;
}

export function UserRow({ user, action, onOpen }: UserRowProps) {
  return (
    <div className="relative flex items-start gap-3 px-4 py-3 transition-colors hover:bg-hover">
      <Avatar user={user} />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-3">
          <div className="min-w-0 flex-1 leading-snug">
            <Link
              to="/@{$username}"
              params={{ username: user.username }}
              onClick={onOpen}
              className="flex after:absolute after:inset-0"
            >
              <DisplayName user={user} />
            </Link>
            <p className="flex flex-wrap items-center gap-x-2 text-[14.5px] text-muted">
              <span className="truncate">@{user.username}</span>
              {user.viewer?.followed_by && <FollowsYou />}
            </p>
          </div>
          <div className="relative">
            {action ??
              (user.viewer !== undefined && <FollowButton user={{ ...user, viewer: user.viewer }} />)}
          </div>
        </div>
        {user.bio && (
          <p dir="auto" className="mt-1 line-clamp-2 text-[14.5px]">
            {user.bio}
          </p>
        )}
      </div>
    </div>
  );
}

export function FollowsYou() {
  return (
    <span className="rounded-md bg-surface px-1.5 py-0.5 text-xs font-medium text-muted">Follows you</span>
  );
}
