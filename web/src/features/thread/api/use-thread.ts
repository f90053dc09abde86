import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import type { Page, Post, TimelineItem } from "@/api/types";
import { postKeys } from "@/domain/posts/cache";

/** A conversation around one post. Later pages bring more replies; ancestors and post are those of the first page. */
export function useThread(postId: string) {
  return useInfiniteQuery({
    queryKey: postKeys.thread(postId),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/v1/posts/{post_id}/thread", {
          params: { path: { post_id: postId }, query: pageQuery(pageParam) },
          signal,
        }),
      ),
    ...byCursor,
    staleTime: 15_000,
    refetchOnWindowFocus: true, // who comes back to the tab reads the replies of now
  });
}

/** The post as some other list already shows it, to have something on the page while the thread loads. */
export function useKnownPost(postId: string): Post | undefined {
  const client = useQueryClient();
  for (const [, data] of client.getQueriesData<InfiniteData<Page<Post | TimelineItem>>>({
    queryKey: ["posts"],
  })) {
    for (const page of data?.pages ?? []) {
      const found = page.data?.find?.((item) => item.id === postId);
      if (found && "content" in found) return found;
    }
  }
  return undefined;
}
