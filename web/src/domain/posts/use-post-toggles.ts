import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, unwrap } from "@/api/client";
import { messageOf } from "@/api/problem";
import type { Post } from "@/api/types";
import { toggles } from "@/lib/toggle-queue";
import { toast } from "@/ui/toaster";
import { patchPost, postKeys } from "./cache";
import { dropGone, isGone } from "./gone";

export type Reaction = "like" | "repost" | "bookmark";
type Viewer = NonNullable<Post["viewer"]>;

const flags = { like: "liked", repost: "reposted", bookmark: "bookmarked" } as const;
const counters = { like: "likes_count", repost: "reposts_count", bookmark: null } as const;

function send(reaction: Reaction, id: string, wanted: boolean): Promise<Post> {
  const params = { params: { path: { post_id: id } } };
  if (reaction === "like") {
    return unwrap(
      wanted ? api.PUT("/v1/posts/{post_id}/like", params) : api.DELETE("/v1/posts/{post_id}/like", params),
    );
  }
  if (reaction === "repost") {
    return unwrap(
      wanted
        ? api.PUT("/v1/posts/{post_id}/repost", params)
        : api.DELETE("/v1/posts/{post_id}/repost", params),
    );
  }
  return unwrap(
    wanted
      ? api.PUT("/v1/posts/{post_id}/bookmark", params)
      : api.DELETE("/v1/posts/{post_id}/bookmark", params),
  );
}

/** The post as it looks with the flag set or not; the counter moves along only when the flag really changes. */
export function withReaction(post: Post, reaction: Reaction, on: boolean): Post {
  const viewer: Viewer = post.viewer ?? { liked: false, reposted: false, bookmarked: false };
  const flag = flags[reaction];
  if (viewer[flag] === on) return post;
  const counter = counters[reaction];
  const next = { ...post, viewer: { ...viewer, [flag]: on } };
  if (counter) next[counter] = Math.max(0, post[counter] + (on ? 1 : -1));
  return next;
}

const failures: Record<Reaction, string> = {
  like: "The like did not go through.",
  repost: "The repost did not go through.",
  bookmark: "The bookmark was not saved.",
};

function toggle(client: QueryClient, post: Post, reaction: Reaction): Promise<void> {
  const wanted = !post.viewer?.[flags[reaction]];
  return toggles.request<Post>(`${reaction}:${post.id}`, wanted, {
    initial: !wanted,
    show: (shown) => patchPost(client, post.id, (shownPost) => withReaction(shownPost, reaction, shown)),
    send: (on) => send(reaction, post.id, on),
    settled: () => {
      const list = reaction === "bookmark" ? postKeys.bookmarks : reaction === "like" ? postKeys.likes : null;
      if (list) void client.invalidateQueries({ queryKey: list, refetchType: "none" });
    },
    failed: (error) =>
      isGone(error) ? dropGone(client, post.id) : toast.error(`${failures[reaction]} ${messageOf(error)}`),
  });
}

/** Switches for one post: each shows at once and settles with the server through the page's one queue. */
export function usePostToggles(post: Post) {
  const client = useQueryClient();
  return useMemo(
    () => ({
      like: () => void toggle(client, post, "like"),
      repost: () => void toggle(client, post, "repost"),
      bookmark: () => {
        const removing = Boolean(post.viewer?.bookmarked);
        void toggle(client, post, "bookmark");
        toast.info(removing ? "Removed from your bookmarks" : "Added to your bookmarks", {
          label: "Undo",
          run: () => void toggle(client, withReaction(post, "bookmark", !removing), "bookmark"),
        });
      },
    }),
    [client, post],
  );
}
