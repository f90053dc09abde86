import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  Ban,
  Ellipsis,
  History,
  Link2,
  Pencil,
  ScanText,
  Trash2,
  UserMinus,
  UserPlus,
  VolumeX,
} from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { api, unwrap } from "@/api/client";
import { messageOf } from "@/api/problem";
import type { Post, User } from "@/api/types";
import { compose } from "@/domain/composing";
import { describePost, isDescribable } from "@/domain/media/described-post";
import { useMe, userKeys } from "@/domain/users/cache";
import { useRelationship } from "@/domain/users/use-relationship";
import { lazy } from "@/lib/lazy";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuSeparator } from "@/ui/menu";
import { toast } from "@/ui/toaster";
import { removePost } from "../cache";
import { copyLink } from "../share";

const HistoryDialog = lazy(() => import("./history-dialog"));
const DeleteDialog = lazy(() =>
  import("@/ui/confirm-dialog").then((all) => ({ default: all.ConfirmDialog })),
);

interface PostMenuProps {
  post: Post;
  /** What only this list offers for its posts; stands first. */
  items?: ReactNode;
  /** After the post is gone: the thread page leaves. */
  onDeleted?: (() => void) | undefined;
}

export function PostMenu({ post, items, onDeleted }: PostMenuProps) {
  const me = useMe();
  const [dialog, setDialog] = useState<"history" | "delete" | null>(null);
  const close = () => setDialog(null);
  const remove = useDeletePost(post, onDeleted);
  const mine = me?.id === post.author.id;
  return (
    <>
      <Menu
        trigger={
          <IconButton label="More" className="-my-2 -mr-2 size-8 [&_svg]:size-4.5">
            <Ellipsis aria-hidden="true" />
          </IconButton>
        }
      >
        {items}
        {mine && (
          <MenuItem icon={Pencil} onSelect={() => compose({ mode: "edit", post })}>
            Edit post
          </MenuItem>
        )}
        {mine && isDescribable(post) && (
          <MenuItem icon={ScanText} onSelect={() => describePost(post)}>
            Edit descriptions
          </MenuItem>
        )}
        {post.revision > 1 && (
          <MenuItem icon={History} onSelect={() => setDialog("history")}>
            Edit history
          </MenuItem>
        )}
        <MenuItem icon={Link2} onSelect={() => void copyLink(post)}>
          Copy link
        </MenuItem>
        {mine && (
          <>
            <MenuSeparator />
            <MenuItem icon={Trash2} danger onSelect={() => setDialog("delete")}>
              Delete post
            </MenuItem>
          </>
        )}
        {me && !mine && <AuthorItems post={post} />}
      </Menu>
      <Suspense>
        {dialog === "history" && <HistoryDialog postId={post.id} onClose={close} />}
        {dialog === "delete" && (
          <DeleteDialog
            open
            onOpenChange={close}
            title="Delete this post?"
            text="It disappears from your profile and from every timeline. This cannot be undone."
            confirm="Delete"
            onConfirm={() => remove.mutate()}
          />
        )}
      </Suspense>
    </>
  );
}

function AuthorItems({ post }: { post: Post }) {
  const { author } = post;
  const client = useQueryClient();
  const actions = useRelationship(author);
  const known = client.getQueryData<User>(userKeys.byName(author.username));
  return (
    <>
      <MenuSeparator />
      {known?.viewer?.following && (
        <MenuItem icon={UserMinus} onSelect={actions.unfollow}>
          Unfollow @{author.username}
        </MenuItem>
      )}
      {known?.viewer && !known.viewer.following && !known.viewer.requested && (
        <MenuItem icon={UserPlus} onSelect={actions.follow}>
          Follow @{author.username}
        </MenuItem>
      )}
      <MenuItem icon={VolumeX} onSelect={actions.mute}>
        Mute @{author.username}
      </MenuItem>
      <MenuItem icon={Ban} danger onSelect={actions.block}>
        Block @{author.username}
      </MenuItem>
    </>
  );
}

function useDeletePost(post: Post, onDeleted?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/v1/posts/{post_id}", { params: { path: { post_id: post.id } } })),
    onSuccess: () => {
      onDeleted?.();
      removePost(client, post.id);
      toast.info("Your post was deleted");
    },
    onError: (error) => toast.error(messageOf(error)),
  });
}
