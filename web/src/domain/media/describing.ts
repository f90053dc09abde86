/** What can be told about pictures and videos, whether they are about to be posted or stand in a post. */
import type { MediaAttachment } from "@/api/types";
import type { Captions } from "./captions";
import type { Focus } from "./focus";
import type { Kind } from "./limits";

export interface Description {
  alt: string;
  /** Of an image. */
  focus: Focus | null;
}

export interface Describable extends Description {
  key: string;
  kind: Kind;
  /** Null until the server has accepted it. */
  mediaId: string | null;
  /** Address of something to show, while there is something. */
  preview: string | null;
  /** What `preview` shows, as this browser has it; null where it only has a picture of it. */
  file: File | null;
  /** Of a video: the languages in which it has some. */
  captions: readonly string[];
}

/** What is done to things that are described, by their keys. */
export interface Describing {
  /** Rejects with ApiError. */
  describe: (key: string, change: Partial<Description>) => Promise<void>;
  /** Gives an accepted video captions, in the place of those in this language. Rejects with an Error in words for people. */
  caption: (key: string, language: string, file: File) => Promise<void>;
  /** Rejects as `caption` does. */
  removeCaptions: (key: string, language: string) => Promise<void>;
}

/** Characters (Unicode code points) that the API takes as a description. */
export const longestAlt = 10_000;
export const lengthOf = (alt: string): number => [...alt.trim()].length;

/** Wide enough to be looked at closely, on any screen. */
const previewWidth = 640;

export function previewOf({
  poster_url,
  sizes,
}: Pick<MediaAttachment, "poster_url" | "sizes">): string | null {
  const drawable = sizes.filter(({ type }) => type === "image/webp");
  const size = drawable.find(({ width }) => width >= previewWidth) ?? drawable.at(-1);
  return size?.url ?? poster_url;
}

export const languagesOf = (captions: readonly Captions[]): string[] =>
  captions.map(({ language }) => language);

/** What somebody has written for each key, and not saved; what they have not touched is absent. */
export type Drafts = Readonly<Record<string, Partial<Description>>>;

const sameFocus = (a: Focus | null, b: Focus | null) => a?.[0] === b?.[0] && a?.[1] === b?.[1];

/** By key, what differs from what is known: only that is sent, so that nothing else is undone that changed elsewhere. */
export function changesOf(items: readonly Describable[], drafts: Drafts): [string, Partial<Description>][] {
  return items.flatMap(({ key, alt, focus }): [string, Partial<Description>][] => {
    const draft = drafts[key] ?? {};
    const change: Partial<Description> = {};
    if (draft.alt !== undefined && draft.alt.trim() !== alt) change.alt = draft.alt.trim();
    if (draft.focus !== undefined && !sameFocus(draft.focus, focus)) change.focus = draft.focus;
    return Object.keys(change).length > 0 ? [[key, change]] : [];
  });
}
