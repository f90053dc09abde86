import type { QueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Post } from "@/api/types";
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
