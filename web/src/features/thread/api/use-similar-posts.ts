import { useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor } from "@/api/pages";
import type { Page, TimelineItem } from "@/api/types";
import { postKeys } from "@/domain/posts/cache";

const limit = 10;

/** Posts like a post, the most similar first: one page, kept like any other list of posts. */
export function useSimilarPosts(postId: string) {
  return useInfiniteQuery({
    queryKey: postKeys.similar(postId),
    queryFn: async ({ signal }): Promise<Page<TimelineItem>> => {
      const params = { path: { post_id: postId }, query: { limit } };
      const { data } = await unwrap(api.GET("/v1/posts/{post_id}/similar", { params, signal }));
      return { data, next_cursor: null };
    },
    ...byCursor,
    staleTime: 5 * 60_000,
  });
}
