import twitter from "twitter-text";

/** Weighted characters that a post may have, as twitter-text counts them (configuration v3). */
export const weightedLimit = 280;
/** From here on the remaining number is shown inside the ring. */
const showNumberBelow = 20;

export interface Count {
  length: number;
  remaining: number;
  /** Share of the limit that is used, at most 1: the arc of the ring. */
  share: number;
  state: "fine" | "near" | "over";
  showNumber: boolean;
  /** UTF-16 index from which the text is too long; the text's length when it is not. */
  overFrom: number;
  sendable: boolean;
}

export function count(text: string): Count {
  const parsed = twitter.parseTweet(text);
  const remaining = weightedLimit - parsed.weightedLength;
  const over = remaining < 0;
  return {
    length: parsed.weightedLength,
    remaining,
    share: Math.min(1, parsed.weightedLength / weightedLimit),
    state: over ? "over" : remaining <= showNumberBelow ? "near" : "fine",
    showNumber: remaining <= showNumberBelow,
    overFrom: over ? parsed.validRangeEnd + 1 : text.length,
    sendable: parsed.valid && text.trim() !== "",
  };
}

export interface Highlight {
  text: string;
  kind: "text" | "entity" | "over";
}

/** The draft cut into plain text, entities, and what goes beyond the limit; joined, it is the draft again. */
export function highlight(text: string, overFrom: number): Highlight[] {
  const pieces: Highlight[] = [];
  const push = (kind: Highlight["kind"], from: number, to: number) => {
    if (to > from) pieces.push({ kind, text: text.slice(from, to) });
  };
  let done = 0;
  for (const entity of twitter.extractEntitiesWithIndices(text)) {
    const [start, end] = entity.indices;
    if (start < done || start >= overFrom) continue;
    const stop = Math.min(end, overFrom);
    push("text", done, start);
    push("entity", start, stop);
    done = stop;
  }
  push("text", done, overFrom);
  push("over", overFrom, text.length);
  return pieces;
}
