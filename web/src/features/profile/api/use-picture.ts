import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Me, Post } from "@/api/types";
import type { CropArea } from "@/domain/media/crop";
import { followProcessing } from "@/domain/media/processed";
import { sendFile } from "@/domain/media/upload";
import { mapPosts, postKeys } from "@/domain/posts/cache";
import { patchUser, userKeys } from "@/domain/users/cache";

export type Slot = "avatar" | "header";

interface Choice {
  file: File;
  /** Null for its middle. */
  crop: CropArea | null;
}

/** Shows a part of a picture as avatar or header. The upload is only the source: it goes once it has been cut. */
export function useSetPicture(slot: Slot, me: Me) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ file, crop }: Choice) => {
      const mediaId = await sendFile(file, () => undefined).mediaId;
      const media = await followProcessing(mediaId, new AbortController().signal, () => undefined);
      if (media.failure) throw new Refused(media.failure.detail);
      if (media.kind !== "image") throw new Refused("Choose a picture that does not move.");
      const { url } = await unwrap(choose(slot, { media_id: mediaId, crop }));
      void api.DELETE("/v1/media/{media_id}", { params: { path: { media_id: mediaId } } });
      return url;
    },
    onSuccess: (url) => show(client, me, slot, url),
  });
}

export function useRemovePicture(slot: Slot, me: Me) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      unwrap(slot === "avatar" ? api.DELETE("/v1/users/me/avatar") : api.DELETE("/v1/users/me/header")),
    onSuccess: () => show(client, me, slot, null),
  });
}

/** A picture that was taken in and is of no use; the message is for people. */
export class Refused extends Error {}

const choose = (slot: Slot, body: { media_id: string; crop: CropArea | null }) =>
  slot === "avatar" ? api.PUT("/v1/users/me/avatar", { body }) : api.PUT("/v1/users/me/header", { body });

/** Writes the new address into the profile and, for avatars, beside everything that the person wrote. */
function show(client: QueryClient, me: Me, slot: Slot, url: string | null): void {
  const change = slot === "avatar" ? { avatar_url: url } : { header_url: url };
  patchUser(client, me.id, (user) => ({ ...user, ...change }));
  client.setQueryData<Me>(userKeys.me, (user) => user && { ...user, ...change });
  if (slot === "header") return;
  const repaint = (post: Post): Post =>
    post.author.id === me.id ? { ...post, author: { ...post.author, avatar_url: url } } : post;
  client.setQueriesData({ queryKey: postKeys.all }, (data: unknown) => mapPosts(data, repaint));
}
