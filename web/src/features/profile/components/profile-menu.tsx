import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ban, Ellipsis, Link2, UserRoundMinus, Volume2, VolumeX } from "lucide-react";
import { Suspense, useState } from "react";
import { api, unwrap } from "@/api/client";
import { messageOf } from "@/api/problem";
import type { User } from "@/api/types";
import { noRelationship, patchUser, userKeys } from "@/domain/users/cache";
import { useRelationship } from "@/domain/users/use-relationship";
import { lazy } from "@/lib/lazy";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { toast } from "@/ui/toaster";

const BlockDialog = lazy(() => import("@/ui/confirm-dialog").then((all) => ({ default: all.ConfirmDialog })));

export function ProfileMenu({ user }: { user: User }) {
  const actions = useRelationship(user);
  const removal = useRemoveFollower(user);
  const [asking, setAsking] = useState(false);
  const viewer = user.viewer ?? noRelationship;
  const name = `@${user.username}`;
  const copy = () => {
    void navigator.clipboard?.writeText(`${location.origin}/@${user.username}`);
    toast.info("Link copied");
  };
  return (
    <>
      <Menu
        trigger={
          <IconButton label={`More about ${name}`} className="border border-line-strong text-text">
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        <MenuItem icon={Link2} onSelect={copy}>
          Copy link to profile
        </MenuItem>
        <MenuSeparator />
        {viewer.followed_by && (
          <MenuItem icon={UserRoundMinus} onSelect={() => removal.mutate()}>
            Remove this follower
          </MenuItem>
        )}
        <MenuItem
          icon={viewer.muting ? Volume2 : VolumeX}
          onSelect={viewer.muting ? actions.unmute : actions.mute}
        >
          {viewer.muting ? "Unmute" : "Mute"} {name}
        </MenuItem>
        <MenuItem icon={Ban} danger onSelect={viewer.blocking ? actions.unblock : () => setAsking(true)}>
          {viewer.blocking ? "Unblock" : "Block"} {name}
        </MenuItem>
      </Menu>
      <Suspense>
        {asking && (
          <BlockDialog
            open
            onOpenChange={setAsking}
            title={`Block ${name}?`}
            text="They cannot follow you or see your posts, and you will not see theirs."
            confirm="Block"
            onConfirm={actions.block}
          />
        )}
      </Suspense>
    </>
  );
}

function useRemoveFollower(user: User) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(api.DELETE("/v1/users/me/followers/{user_id}", { params: { path: { user_id: user.id } } })),
    onSuccess: () => {
      patchUser(client, user.id, (shown) => ({
        ...shown,
        viewer: shown.viewer && { ...shown.viewer, followed_by: false },
      }));
      void client.invalidateQueries({ queryKey: userKeys.lists("followers") });
      toast.info(`@${user.username} no longer follows you`);
    },
    onError: (error) => toast.error(messageOf(error)),
  });
}
