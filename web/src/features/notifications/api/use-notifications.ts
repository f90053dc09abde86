import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import { postKeys } from "@/domain/posts/cache";
import { unreadKey, useUnreadCount } from "@/domain/unread";

export function useNotifications() {
  return useInfiniteQuery({
    queryKey: postKeys.notifications,
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET("/v1/notifications", { params: { query: pageQuery(pageParam) }, signal })),
    ...byCursor,
    staleTime: 10_000,
  });
}

/**
 * Tells the server that everything up to the newest shown notification has been seen. The list itself keeps its marks until
 * it is fetched again, so that the reader can tell what was new on this visit.
 */
export function useMarkRead(newestId: string | undefined): void {
  const client = useQueryClient();
  const unread = useUnreadCount();
  useEffect(() => {
    if (!newestId || unread === 0 || document.visibilityState !== "visible") return;
    const marked = unwrap(api.POST("/v1/notifications/read", { body: { up_to_id: newestId } }));
    marked.then(
      ({ unread_count }) => client.setQueryData(unreadKey, unread_count),
      // Stays unread, which the next visit mends.
      () => undefined,
    );
  }, [client, newestId, unread]);
}
