import { describe, expect, it } from "vitest";
import { mediaWords, numbered } from "./words";

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

describe("numbered", () => {
  it("counts from one, and only where there are more", () => {
    expect(numbered("image", 1, 4)).toBe("picture 2");
    expect(numbered("video", 0, 1)).toBe("video");
  });
});
