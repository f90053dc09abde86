import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { session } from "@/api/session";
import type { Me, Page, Relationship, User } from "@/api/types";
import { useStore } from "@/lib/store";
import { afterSettling } from "../settling";

/** Every query whose answer holds users in full has a key that begins with "users". */
export const userKeys = {
  all: ["users"] as const,
  me: ["users", "me"] as const,
  byName: (username: string) => ["users", "name", username.toLowerCase()] as const,
  list: (kind: string, id: string) => ["users", "list", kind, id] as const,
  lists: (kind: string) => ["users", "list", kind] as const,
};

export const noRelationship: Relationship = {
  following: false,
  followed_by: false,
  requested: false,
  blocking: false,
  blocked_by: false,
  muting: false,
};

export function useSessionStatus() {
  return useStore(session.status);
}

/** The person who is signed in. Comes with every grant of tokens, so it is there before the first page. */
export function useMe(): Me | undefined {
  const signedIn = useSessionStatus() === "signed-in";
  const query = useQuery({
    queryKey: userKeys.me,
    queryFn: () => unwrap(api.GET("/v1/users/me")),
    enabled: signedIn,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return signedIn ? query.data : undefined;
}

/** Asks again for the reader and one other person, as soon as their counters have followed what happened between them. */
export function refreshPeopleSoon(client: QueryClient, username: string): void {
  const me = client.getQueryData<Me>(userKeys.me);
  const profiles = [username, ...(me ? [me.username] : [])].map(userKeys.byName);
  for (const queryKey of [userKeys.me, ...profiles])
    afterSettling(queryKey.join(), () => void client.invalidateQueries({ queryKey }));
}

/** Writes a change of one user into every answer that holds it. */
export function patchUser(client: QueryClient, id: string, change: <U extends User>(user: U) => U): void {
  const apply = <U extends User>(user: U): U => (user.id === id ? change(user) : user);
  client.setQueriesData({ queryKey: userKeys.all }, (data: unknown) => {
    if (typeof data !== "object" || data === null) return data;
    if ("pages" in data) {
      const paged = data as InfiniteData<Page<User>>;
      return { ...paged, pages: paged.pages.map((page) => ({ ...page, data: page.data.map(apply) })) };
    }
    return apply(data as User);
  });
}
