import { useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor } from "@/api/pages";
import type { Page, TimelineItem } from "@/api/types";
import { postKeys } from "@/domain/posts/cache";

const limit = 20;

/** What many engage with now, one post of each author: one page, kept like any other list of posts. */
export function usePopularPosts() {
  return useInfiniteQuery({
    queryKey: postKeys.popular,
    queryFn: async ({ signal }): Promise<Page<TimelineItem>> => {
      const { data } = await unwrap(
        api.GET("/v1/timelines/popular", { params: { query: { limit } }, signal }),
      );
      return { data, next_cursor: null };
    },
    ...byCursor,
    staleTime: 60_000,
  });
}
