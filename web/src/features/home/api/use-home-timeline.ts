import { useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import { postKeys } from "@/domain/posts/cache";

/** The home timeline. It never goes stale by itself: the live connection brings what is new. */
export function useHomeTimeline() {
  return useInfiniteQuery({
    queryKey: postKeys.home,
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET("/v1/timelines/home", { params: { query: pageQuery(pageParam) }, signal })),
    ...byCursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}
