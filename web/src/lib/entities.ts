import type { Entities } from "@/api/types";

export type Segment = (
  | { kind: "text"; text: string }
  | { kind: "mention"; text: string; username: string }
  | { kind: "hashtag"; text: string; tag: string }
  | { kind: "cashtag"; text: string; symbol: string }
  | { kind: "url"; text: string; href: string }
) & { marked?: true };

/** A part of a text that stands out: code points, `end` exclusive. */
export interface Mark {
  start: number;
  end: number;
}

type Linked = Exclude<Segment, { kind: "text" }>;
interface Span {
  start: number;
  end: number;
  make: (text: string) => Linked;
}

/**
 * Maps code point indices (what the API speaks) to UTF-16 indices (what JavaScript strings speak).
 * The answer has one entry more than there are code points, so that an exclusive end maps too.
 */
export function utf16Offsets(text: string): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const character of text) {
    offsets.push(offset);
    offset += character.length;
  }
  offsets.push(offset);
  return offsets;
}

/** Web links only: anything with another scheme stays text. A bare domain gets https. */
export function safeHref(url: string): string | null {
  const candidate = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`;
  try {
    const parsed = new URL(candidate);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : null;
  } catch {
    return null;
  }
}

/** How a link is shown: without scheme and www, at most `limit` characters. */
export function shortUrl(url: string, limit = 32): string {
  const bare = url
    .replace(/^https?:\/\//i, "")
    .replace(/^www\./i, "")
    .replace(/\/$/, "");
  const characters = Array.from(bare);
  return characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : bare;
}

function spansOf(entities: Entities): Span[] {
  const spans: Span[] = [
    ...entities.mentions.map(({ start, end, username }) => ({
      start,
      end,
      make: (text: string): Linked => ({ kind: "mention", text, username }),
    })),
    ...entities.hashtags.map(({ start, end, tag }) => ({
      start,
      end,
      make: (text: string): Linked => ({ kind: "hashtag", text, tag }),
    })),
    ...entities.cashtags.map(({ start, end, symbol }) => ({
      start,
      end,
      make: (text: string): Linked => ({ kind: "cashtag", text, symbol }),
    })),
  ];
  for (const { start, end, url } of entities.urls) {
    const href = safeHref(url);
    if (href) spans.push({ start, end, make: () => ({ kind: "url", text: shortUrl(url), href }) });
  }
  return spans.sort((a, b) => a.start - b.start);
}

const marked = { marked: true } as const;

/** Cuts `content` between two UTF-16 positions at the borders of marks, which are in order and in UTF-16 too. */
function textPieces(content: string, from: number, to: number, marks: readonly Mark[]): Segment[] {
  const pieces: Segment[] = [];
  const add = (start: number, end: number, isMarked: boolean) => {
    if (end > start) pieces.push({ kind: "text", text: content.slice(start, end), ...(isMarked && marked) });
  };
  let done = from;
  for (const mark of marks) {
    const start = Math.max(done, mark.start);
    const end = Math.min(to, mark.end);
    if (end <= start) continue;
    add(done, start, false);
    add(start, end, true);
    done = end;
  }
  add(done, to, false);
  return pieces;
}

/**
 * Cuts a post's text into plain and linked pieces. Overlapping or out-of-range spans are left as text. `marks` are in
 * order and do not overlap; a link is marked as a whole.
 */
export function segmentContent(content: string, entities: Entities, marks: readonly Mark[] = []): Segment[] {
  const offsets = utf16Offsets(content);
  const places = marks.map(({ start, end }) => ({
    start: offsets[start] ?? content.length,
    end: offsets[end] ?? content.length,
  }));
  const segments: Segment[] = [];
  let done = 0;
  for (const { start, end, make } of spansOf(entities)) {
    const from = offsets[start];
    const to = offsets[end];
    if (from === undefined || to === undefined || from < done || to <= from) continue;
    segments.push(...textPieces(content, done, from, places));
    const isMarked = places.some((mark) => mark.start < to && mark.end > from);
    segments.push({ ...make(content.slice(from, to)), ...(isMarked && marked) });
    done = to;
  }
  segments.push(...textPieces(content, done, content.length, places));
  return segments;
}
