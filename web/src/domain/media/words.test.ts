import { describe, expect, it } from "vitest";
import { mediaWords } from "./words";

describe("mediaWords", () => {
  it.each([
    [[], ""],
    [["image"], "A picture"],
    [["image", "image"], "2 pictures"],
    [["gif"], "A GIF"],
    [["video"], "A video"],
  ] as const)("calls %j %j", (kinds, words) =>
    expect(mediaWords(kinds.map((kind) => ({ kind })))).toBe(words),
  );
});
