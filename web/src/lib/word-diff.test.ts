import { describe, expect, it } from "vitest";
import { wordDiff } from "./word-diff";

const join = (pieces: ReturnType<typeof wordDiff>, without: "added" | "removed") =>
  pieces
    .filter((piece) => piece.kind !== without)
    .map((piece) => piece.text)
    .join("");

describe("wordDiff", () => {
  it("finds one changed word", () => {
    expect(wordDiff("two rooks fly", "three rooks fly")).toEqual([
      { kind: "removed", text: "two" },
      { kind: "added", text: "three" },
      { kind: "same", text: " rooks fly" },
    ]);
  });

  it("keeps texts that have little in common apart", () =>
    expect(wordDiff("the rooks are back", "why are nests so loud")).toEqual([
      { kind: "removed", text: "the rooks are back" },
      { kind: "added", text: "why are nests so loud" },
    ]));

  it.each([
    ["", "new"],
    ["gone", ""],
    ["a b c d", "b x d  e"],
    ["🐦 one\ntwo", "🐦 two\none"],
  ])("rebuilds both texts from %j and %j", (before, after) => {
    const pieces = wordDiff(before, after);
    expect(join(pieces, "added")).toBe(before);
    expect(join(pieces, "removed")).toBe(after);
  });
});
