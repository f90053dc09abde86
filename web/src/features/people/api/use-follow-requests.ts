import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import { messageOf } from "@/api/problem";
import type { Page, User } from "@/api/types";
import { useMe, userKeys } from "@/domain/users/cache";
import { toast } from "@/ui/toaster";

const key = userKeys.list("requests", "me");

export function useFollowRequests() {
  const me = useMe();
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/v1/users/me/follow-requests", { params: { query: pageQuery(pageParam, 50) }, signal }),
      ),
    ...byCursor,
    enabled: me !== undefined,
  });
}

/** Accepts or refuses; the request leaves the list at once and comes back when the server says no. */
export function useAnswerRequest() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ user, accept }: { user: User; accept: boolean }) => {
      const params = { params: { path: { user_id: user.id } } };
      const path = "/v1/users/me/follow-requests/{user_id}";
      return unwrap(accept ? api.PUT(path, params) : api.DELETE(path, params));
    },
    onMutate: ({ user }) => {
      const before = client.getQueryData(key);
      client.setQueryData<InfiniteData<Page<User>>>(
        key,
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) => ({
              ...page,
              data: page.data.filter((each) => each.id !== user.id),
            })),
          },
      );
      return { before };
    },
    onError: (error, _, context) => {
      client.setQueryData(key, context?.before);
      toast.error(messageOf(error));
    },
    onSuccess: (_, { user, accept }) => {
      toast.info(accept ? `@${user.username} follows you now` : `Request of @${user.username} refused`);
      if (accept) void client.invalidateQueries({ queryKey: userKeys.me });
    },
  });
}
