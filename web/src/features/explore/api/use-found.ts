import { useInfiniteQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import { userKeys } from "@/domain/users/cache";

/** The API's bound on names. */
const longestName = 100;

/** Accounts by name and bio; `name` must not be empty. */
export function useUserSearch(name: string) {
  const q = name.slice(0, longestName);
  return useInfiniteQuery({
    queryKey: userKeys.list("search", q),
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET("/v1/search/users", { params: { query: { q, ...pageQuery(pageParam) } }, signal })),
    ...byCursor,
    enabled: q !== "",
  });
}

/** Hashtags by their beginning; `start` must not be empty. */
export function useHashtagSearch(start: string) {
  const q = start.slice(0, longestName);
  return useInfiniteQuery({
    queryKey: ["hashtags", q],
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET("/v1/search/hashtags", { params: { query: { q, ...pageQuery(pageParam) } }, signal })),
    ...byCursor,
    enabled: q !== "",
  });
}
