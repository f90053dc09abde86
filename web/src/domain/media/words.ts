import type { MediaAttachment, Post } from "@/api/types";

const nouns: Record<MediaAttachment["kind"], string> = { image: "picture", gif: "GIF", video: "video" };

const longestName = 200;

/** What a post shows, where there is only room for words: "A picture", "3 pictures"; empty without media. */
export function mediaWords(media: Pick<MediaAttachment, "kind">[]): string {
  const [first] = media;
  if (!first) return "";
  return media.length === 1 ? `A ${nouns[first.kind]}` : `${media.length} ${nouns[first.kind]}s`;
}

/** One of several, as people count: "picture 2"; a lone one needs no number. */
export const numbered = (kind: MediaAttachment["kind"], index: number, count: number): string =>
  count > 1 ? `${nouns[kind]} ${index + 1}` : nouns[kind];

/** A post in a line: what it says, or else what it shows. */
export const inWords = ({ content, media }: Pick<Post, "content" | "media">): string =>
  content || mediaWords(media);

/** The same where it leads to what it shows: "2 pictures: A sunset over the sea". */
export function mediaName({ content, media }: Pick<Post, "content" | "media">): string {
  const covered = media.some(({ sensitive }) => sensitive);
  const about = covered ? "sensitive content" : (media[0]?.alt || content).slice(0, longestName);
  return [mediaWords(media), about].filter(Boolean).join(": ");
}
