import { Suspense, useState } from "react";
import type { Relationship, UserBrief } from "@/api/types";
import { requireSignIn } from "@/domain/composing";
import { lazy } from "@/lib/lazy";
import { Button } from "@/ui/button";
import { noRelationship, useMe } from "../cache";
import { useRelationship } from "../use-relationship";

const ConfirmDialog = lazy(() =>
  import("@/ui/confirm-dialog").then((all) => ({ default: all.ConfirmDialog })),
);

interface FollowButtonProps {
  user: UserBrief & { viewer: Relationship | null };
  size?: "sm" | "md";
}

/** Follow, Following, Requested, Follow back or Blocked, whichever is true. Nothing for yourself. */
export function FollowButton({ user, size = "sm" }: FollowButtonProps) {
  const me = useMe();
  const actions = useRelationship(user);
  const [asking, setAsking] = useState(false);
  const viewer = user.viewer ?? noRelationship;
  if (me?.id === user.id || viewer.blocked_by) return null;
  if (viewer.blocking) {
    return (
      <Button variant="danger" size={size} onClick={actions.unblock} aria-label={`Unblock @${user.username}`}>
        Blocked
      </Button>
    );
  }
  if (viewer.following || viewer.requested) {
    const state = viewer.following ? "Following" : "Requested";
    const undo = viewer.following ? "Unfollow" : "Cancel";
    const name = viewer.following ? `Unfollow @${user.username}` : `Cancel your request to @${user.username}`;
    // Leaving a protected account is not undone by one more click: it takes a new request.
    const leave = viewer.following && user.protected ? () => setAsking(true) : actions.unfollow;
    return (
      <>
        <Button
          variant="secondary"
          size={size}
          onClick={leave}
          aria-label={name}
          className="group min-w-27 hover:border-danger/40 hover:text-danger"
        >
          <span className="group-hover:hidden">{state}</span>
          <span className="hidden group-hover:inline">{undo}</span>
        </Button>
        <Suspense>
          {asking && (
            <ConfirmDialog
              open
              onOpenChange={setAsking}
              title={`Unfollow @${user.username}?`}
              text="Their posts are protected. To see them again you will have to ask again."
              confirm="Unfollow"
              onConfirm={actions.unfollow}
            />
          )}
        </Suspense>
      </>
    );
  }
  const label = user.protected ? "Request" : viewer.followed_by ? "Follow back" : "Follow";
  return (
    <Button
      size={size}
      onClick={() => requireSignIn(actions.follow)}
      aria-label={`${label} @${user.username}`}
    >
      {label}
    </Button>
  );
}
