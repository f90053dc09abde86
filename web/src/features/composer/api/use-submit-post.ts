import { type InfiniteData, type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { api, unwrap } from "@/api/client";
import type { Me, Post, Thread } from "@/api/types";
import type { ComposeTarget } from "@/domain/composing";
import { arrive } from "@/domain/posts/arrivals";
import { asTimelineItem, patchCounts, patchEdit, patchPost, postKeys } from "@/domain/posts/cache";
import { dropGone, isGone } from "@/domain/posts/gone";
import { patchUser, userKeys } from "@/domain/users/cache";
import { randomId } from "@/lib/ids";
import { toast } from "@/ui/toaster";

export interface Draft {
  content: string;
  /** Settles once the server has accepted what is attached. */
  mediaIds: () => Promise<string[]>;
}

function send(target: ComposeTarget, content: string, mediaIds: string[], key: string): Promise<Post> {
  if (target.mode === "edit") {
    return unwrap(
      api.PATCH("/v1/posts/{post_id}", { params: { path: { post_id: target.post.id } }, body: { content } }),
    );
  }
  const body = {
    content,
    ...(mediaIds.length > 0 && { media_ids: mediaIds }),
    ...(target.mode === "reply" && { reply_to_id: target.post.id }),
    ...(target.mode === "quote" && { quote_of_id: target.post.id }),
  };
  return unwrap(api.POST("/v1/posts", { body, params: { header: { "Idempotency-Key": key } } }));
}

/** Puts a new reply at the end of its thread, where its author looks for it. */
function appendReply(client: QueryClient, parentId: string, post: Post): void {
  client.setQueryData<InfiniteData<Thread>>(postKeys.thread(parentId), (thread) => {
    if (!thread) return thread;
    const last = thread.pages.length - 1;
    const pages = thread.pages.map((page, index) =>
      index === last ? { ...page, replies: [...page.replies, post] } : page,
    );
    return { ...thread, pages };
  });
}

/** Writes a new post into everything that is on the page, without asking the server again. */
function showCreated(client: QueryClient, target: ComposeTarget, post: Post): void {
  arrive(client, asTimelineItem(post), true);
  const me = client.getQueryData<Me>(userKeys.me);
  if (me) patchUser(client, me.id, (user) => ({ ...user, posts_count: user.posts_count + 1 }));
  void client.invalidateQueries({ queryKey: ["posts", "user", post.author.id] });
  if (target.mode === "reply") {
    appendReply(client, target.post.id, post);
    patchPost(client, target.post.id, (parent) => ({ ...parent, replies_count: parent.replies_count + 1 }));
  }
  if (target.mode === "quote") {
    patchPost(client, target.post.id, (quoted) => ({ ...quoted, quotes_count: quoted.quotes_count + 1 }));
  }
}

function showEdited(client: QueryClient, post: Post): void {
  patchCounts(client, post);
  patchEdit(client, post);
}

const done = {
  new: "Your post is out",
  reply: "Your reply is out",
  quote: "Your quote is out",
  edit: "Saved",
} as const;

/**
 * Sends a draft. The idempotency key belongs to what is sent: pressing the button again after a lost answer cannot post
 * twice, a changed text is a new post.
 */
export function useSubmitPost(target: ComposeTarget) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const attempt = useRef({ sent: "", key: "" });
  return useMutation({
    mutationFn: async ({ content, mediaIds }: Draft) => {
      const media = await mediaIds();
      const sent = JSON.stringify([content, media]);
      if (attempt.current.sent !== sent) attempt.current = { sent, key: randomId() };
      return send(target, content, media, attempt.current.key);
    },
    onError: (error) => {
      if (target.mode !== "new" && isGone(error)) dropGone(client, target.post.id);
    },
    onSuccess: (post) => {
      attempt.current = { sent: "", key: "" };
      if (target.mode === "edit") showEdited(client, post);
      else showCreated(client, target, post);
      const params = { username: post.author.username, postId: post.id };
      toast.info(done[target.mode], {
        label: "View",
        run: () => void navigate({ to: "/@{$username}/posts/$postId", params }),
      });
    },
  });
}
