/** Describing what a post shows, after it was posted: for its author. */
import type { QueryClient } from "@tanstack/react-query";
import { isApiError } from "@/api/problem";
import type { MediaAttachment, Post } from "@/api/types";
import { dropGone } from "@/domain/posts/gone";
import { createStore } from "@/lib/store";
import { type Describable, type Describing, languagesOf, previewOf } from "./describing";
import { focusOf } from "./focus";
import { putCaptions, removeCaptions } from "./own-captions";
import { patchMedia } from "./refresh";
import { updateMedia } from "./update";

/** The post whose media are being described, and which of them comes first; null for none. */
export const describedPost = createStore<{ post: Post; mediaId: string } | null>(null);

/** What can be described: what failed will never be seen. */
const describable = ({ media }: Post) => media.filter(({ state }) => state !== "failed");

export const isDescribable = (post: Post): boolean => describable(post).length > 0;

/** Begins with the first that has no description, unless it is told with which. */
export function describePost(post: Post, mediaId?: string): void {
  const media = describable(post);
  const first = media.find(({ alt }) => !alt) ?? media[0];
  const start = mediaId ?? first?.id;
  if (start) describedPost.set({ post, mediaId: start });
}

const describableOf = (media: MediaAttachment): Describable => ({
  key: media.id,
  mediaId: media.id,
  kind: media.kind,
  alt: media.alt,
  focus: focusOf(media.focus),
  captions: languagesOf(media.captions),
  preview: previewOf(media),
  file: null,
});

export const describablesOf = (post: Post): Describable[] => describable(post).map(describableOf);

/** Sends what is changed, and writes what the server made of it into every list. */
export function describing(client: QueryClient, postId: string): Describing {
  const shown = (mediaId: string, change: Partial<MediaAttachment>) =>
    patchMedia(client, postId, mediaId, (media) => ({ ...media, ...change }));
  return {
    async describe(mediaId, change) {
      try {
        const { alt, focus } = await updateMedia(mediaId, change);
        shown(mediaId, { alt, focus });
      } catch (error) {
        // Media go with their post alone.
        if (!isApiError(error, 404)) throw error;
        dropGone(client, postId);
      }
    },
    async caption(mediaId, language, file) {
      shown(mediaId, { captions: await putCaptions(mediaId, language, file) });
    },
    async removeCaptions(mediaId, language) {
      await removeCaptions(mediaId, language);
      patchMedia(client, postId, mediaId, (media) => ({
        ...media,
        captions: media.captions.filter((each) => each.language !== language),
      }));
    },
  };
}
