import type { QueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { MediaAttachment, Post } from "@/api/types";
import { patchPost } from "@/domain/posts/cache";

/** Asks for a post's media anew and writes them into every list; a post out of reach keeps what it has. */
export async function refreshMedia(client: QueryClient, postId: string): Promise<Post | null> {
  try {
    const post = await unwrap(api.GET("/v1/posts/{post_id}", { params: { path: { post_id: postId } } }));
    patchPost(client, postId, (before) => ({ ...before, media: post.media }));
    return post;
  } catch {
    return null;
  }
}

/** Writes a change of one of a post's media into every list. */
export function patchMedia(
  client: QueryClient,
  postId: string,
  mediaId: string,
  change: (media: MediaAttachment) => MediaAttachment,
): void {
  patchPost(client, postId, (post) => ({
    ...post,
    media: post.media.map((each) => (each.id === mediaId ? change(each) : each)),
  }));
}
