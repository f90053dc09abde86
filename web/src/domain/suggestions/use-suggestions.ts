import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor } from "@/api/pages";
import { messageOf } from "@/api/problem";
import type { Page, Relationship, Suggestion, UserBrief } from "@/api/types";
import { toast } from "@/ui/toaster";
import { noRelationship, userKeys, useSessionStatus } from "../users/cache";

export type SuggestedPerson = UserBrief & { viewer: Relationship; why: Suggestion["why"] };

const key = [...userKeys.all, "suggestions"] as const;
/** The server's most, so that who is dismissed is followed by the next at once. */
const limit = 50;

/** Nobody is suggested whom the reader has anything to do with. */
const asPerson = ({ user, why }: Suggestion): SuggestedPerson => ({ ...user, viewer: noRelationship, why });

/** Whom the reader may want to follow, best first. Who has just been followed stays until the next visit. */
export function useSuggestions() {
  const signedIn = useSessionStatus() === "signed-in";
  return useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ signal }): Promise<Page<SuggestedPerson>> => {
      const answer = api.GET("/v1/users/me/suggestions", { params: { query: { limit } }, signal });
      const page = await unwrap(answer);
      return { data: page.data.map(asPerson), next_cursor: null };
    },
    ...byCursor,
    enabled: signedIn,
    staleTime: 5 * 60_000,
  });
}

/** Takes somebody out of the suggestions, for good. */
export function useDismiss() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (userId: string) =>
      unwrap(api.DELETE("/v1/users/me/suggestions/{user_id}", { params: { path: { user_id: userId } } })),
    onMutate: async (userId) => {
      await client.cancelQueries({ queryKey: key });
      client.setQueryData<InfiniteData<Page<SuggestedPerson>>>(
        key,
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              data: page.data.filter((person) => person.id !== userId),
            })),
          },
      );
    },
    onError: (error) => {
      toast.error(messageOf(error));
      void client.invalidateQueries({ queryKey: key });
    },
  });
}
