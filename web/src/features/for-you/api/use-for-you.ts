import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import { messageOf } from "@/api/problem";
import type { Page, RankedItem } from "@/api/types";
import { postKeys } from "@/domain/posts/cache";
import { toast } from "@/ui/toaster";

export interface RankedPage extends Page<RankedItem> {
  /** When the ranking that this page belongs to was made. */
  fresh_at: string;
}
export type RankedPages = InfiniteData<RankedPage, string | null>;

/** A ranking that was left for longer than this is made anew on the next visit. */
const keptMs = 30 * 60_000;

const fetchPage = (cursor: string | null, signal?: AbortSignal): Promise<RankedPage> =>
  unwrap(
    api.GET("/v1/timelines/for-you", {
      params: { query: pageQuery(cursor) },
      ...(signal && { signal }),
    }),
  );

/** The ranked timeline. What is shown stays as it is until the reader asks for a new ranking. */
const forYou = infiniteQueryOptions({
  queryKey: postKeys.forYou,
  queryFn: ({ pageParam, signal }) => fetchPage(pageParam, signal),
  ...byCursor,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: keptMs,
});

export const useForYou = () => useInfiniteQuery(forYou);

/** Fetches the first page when it is likely to be asked for next. */
export const prefetchForYou = (client: QueryClient) => void client.prefetchInfiniteQuery(forYou);

/** Ranks anew. The old list stays until the new one is there. */
export function useRefreshForYou() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => fetchPage(null),
    onSuccess: (page) => {
      // A page of the old ranking that is on its way must not bring the old one back.
      void client.cancelQueries({ queryKey: postKeys.forYou });
      client.setQueryData<RankedPages>(postKeys.forYou, { pages: [page], pageParams: [null] });
      window.scrollTo({ top: 0 });
    },
    onError: (error) => toast.error(messageOf(error)),
  });
}
