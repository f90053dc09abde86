import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import type { components } from "@/api/schema";
import type { User } from "@/api/types";
import { asTimelineItem, mapPosts, postKeys, withPeople } from "@/domain/posts/cache";
import { patchUser, userKeys } from "@/domain/users/cache";

export type ProfileTab = "posts" | "replies" | "media" | "likes";

export function useProfile(username: string) {
  return useQuery({
    queryKey: userKeys.byName(username),
    queryFn: ({ signal }) =>
      unwrap(api.GET("/v1/users/by-username/{username}", { params: { path: { username } }, signal })),
    staleTime: 15_000,
  });
}

export function useUserPosts(user: User, tab: ProfileTab, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: tab === "likes" ? postKeys.likes : postKeys.byUser(user.id, tab),
    queryFn: async ({ pageParam, signal }) => {
      if (tab === "likes") {
        const page = await unwrap(
          api.GET("/v1/users/me/likes", { params: { query: pageQuery(pageParam) }, signal }),
        );
        return { ...page, data: page.data.map(asTimelineItem) };
      }
      const query = {
        ...pageQuery(pageParam),
        with_replies: tab === "replies",
        only_media: tab === "media",
      };
      return unwrap(
        api.GET("/v1/users/{user_id}/posts", { params: { path: { user_id: user.id }, query }, signal }),
      );
    },
    ...byCursor,
    enabled,
    staleTime: 30_000,
  });
}

export function useFollowList(user: User, kind: "followers" | "following") {
  return useInfiniteQuery({
    queryKey: userKeys.list(kind, user.id),
    queryFn: ({ pageParam, signal }) => {
      const options = { params: { path: { user_id: user.id }, query: pageQuery(pageParam, 50) }, signal };
      return unwrap(
        kind === "followers"
          ? api.GET("/v1/users/{user_id}/followers", options)
          : api.GET("/v1/users/{user_id}/following", options),
      );
    },
    ...byCursor,
  });
}

type MeUpdate = components["schemas"]["ProfileUpdate"];

/** Changes the own profile and the name beside the own posts. */
export function useUpdateProfile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: MeUpdate) => unwrap(api.PATCH("/v1/users/me", { body })),
    onSuccess: (me) => {
      client.setQueryData(userKeys.me, me);
      patchUser(client, me.id, (user) => ({ ...user, ...me, viewer: user.viewer }));
      const rename = <U extends { id: string }>(user: U): U =>
        user.id === me.id ? { ...user, display_name: me.display_name } : user;
      client.setQueriesData({ queryKey: postKeys.all }, (data: unknown) =>
        mapPosts(data, withPeople(rename)),
      );
    },
  });
}
