import { useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import { postKeys } from "../posts/cache";

/** Posts that match a query, best or newest first. */
export function usePostSearch(q: string, order: "relevance" | "latest", enabled = true) {
  return useInfiniteQuery({
    queryKey: postKeys.search(q, order),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/v1/search/posts", { params: { query: { q, order, ...pageQuery(pageParam) } }, signal }),
      ),
    ...byCursor,
    enabled,
  });
}
