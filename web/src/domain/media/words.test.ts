import { describe, expect, it } from "vitest";
import type { MediaAttachment } from "@/api/types";
import { mediaName, mediaWords, numbered } from "./words";

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

describe("mediaName", () => {
  const media = (alt: string, sensitive = false) => ({ kind: "image", alt, sensitive }) as MediaAttachment;

  it("tells what is to be seen, or what was said with it", () => {
    expect(mediaName({ content: "Look", media: [media("A cat"), media("A dog")] })).toBe("2 pictures: A cat");
    expect(mediaName({ content: "Look", media: [media("")] })).toBe("A picture: Look");
    expect(mediaName({ content: "", media: [media("")] })).toBe("A picture");
    expect(mediaName({ content: "", media: [media("x".repeat(900))] })).toHaveLength(211);
  });

  it("does not tell what is covered", () =>
    expect(mediaName({ content: "Look", media: [media("A wound", true)] })).toBe(
      "A picture: sensitive content",
    ));
});
