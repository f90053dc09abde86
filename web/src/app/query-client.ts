import { QueryClient } from "@tanstack/react-query";
import { isApiError } from "@/api/problem";
import { session } from "@/api/session";
import type { Me } from "@/api/types";
import { composing } from "@/domain/composing";
import { describedPost } from "@/domain/media/described-post";
import { postKeys } from "@/domain/posts/cache";
import { recentPrefix } from "@/domain/search/recent";
import { userKeys } from "@/domain/users/cache";
import { storage } from "@/lib/storage";

const mostRetries = 2;

/** Refusals stay refusals; only an unreachable or overloaded server is asked again. */
function worthRetrying(failures: number, error: unknown): boolean {
  return failures < mostRetries && isApiError(error, 0, 500, 502, 503, 504);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 30_000, gcTime: 10 * 60_000, refetchOnWindowFocus: false },
    mutations: { retry: false },
  },
});

/** Ties the cache to the session: who signs in is known at once, and nothing of a session outlives it. */
export function bindSession(afterEnd: () => void): void {
  session.onGrant((user) => {
    const before = queryClient.getQueryData<Me>(userKeys.me);
    if (before && before.id !== user.id) queryClient.clear();
    queryClient.setQueryData(userKeys.me, user);
  });
  session.onEnd(() => {
    composing.set(null);
    describedPost.set(null);
    storage.removeAll(recentPrefix);
    queryClient.clear();
    afterEnd();
  });
  // Waiting arrivals belong to a home list; both go when the list goes.
  queryClient.setQueryDefaults(postKeys.arrivals, { gcTime: Number.POSITIVE_INFINITY });
}
