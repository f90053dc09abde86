import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Me, Post, Thread } from "@/api/types";
import { arrive } from "@/domain/posts/arrivals";
import { asTimelineItem, patchPost, postKeys } from "@/domain/posts/cache";
import { patchUser, userKeys } from "@/domain/users/cache";
import type { Outgoing } from "../outbox";

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
export function showCreated(client: QueryClient, target: Outgoing["target"], post: Post): void {
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
