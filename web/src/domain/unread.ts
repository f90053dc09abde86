import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { useSessionStatus } from "./users/cache";

export const unreadKey = ["notifications", "unread"] as const;

/** How many notifications wait; kept current by the live connection. */
export function useUnreadCount(): number {
  const signedIn = useSessionStatus() === "signed-in";
  const query = useQuery({
    queryKey: unreadKey,
    queryFn: async () => (await unwrap(api.GET("/v1/notifications/unread-count"))).unread_count,
    enabled: signedIn,
    staleTime: 60_000,
  });
  return signedIn ? (query.data ?? 0) : 0;
}
