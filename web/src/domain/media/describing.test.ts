import { describe, expect, it } from "vitest";
import type { MediaAttachment } from "@/api/types";
import { changesOf, type Describable, lengthOf, previewOf } from "./describing";

const item = (key: string, change: Partial<Describable> = {}): Describable => ({
  key,
  mediaId: key,
  kind: "image",
  alt: "",
  focus: null,
  captions: [],
  preview: null,
  file: null,
  ...change,
});

describe("what has changed", () => {
  it("is nothing while nothing was written, or only what was there", () => {
    const items = [item("1", { alt: "A cat", focus: [0.5, 0] }), item("2")];
    expect(changesOf(items, {})).toEqual([]);
    expect(changesOf(items, { "1": { alt: " A cat ", focus: [0.5, 0] }, "2": { alt: "  " } })).toEqual([]);
  });

  it("names what differs alone, for each thing, in their order", () => {
    const items = [item("1", { alt: "A cat" }), item("2"), item("3", { focus: [0.5, 0] })];
    const drafts = { "3": { focus: null }, "2": { alt: " A dog\n" }, "1": { alt: "" } };
    expect(changesOf(items, drafts)).toEqual([
      ["1", { alt: "" }],
      ["2", { alt: "A dog" }],
      ["3", { focus: null }],
    ]);
  });

  it("is gone once it is known, or what it was about is", () => {
    const drafts = { "1": { alt: "A cat" }, "2": { alt: "A dog" } };
    expect(changesOf([item("1", { alt: "A cat" })], drafts)).toEqual([]);
  });
});

describe("lengthOf", () => {
  it("counts code points of what will be kept", () => expect(lengthOf("  🐈 cat \n")).toBe(5));
});

describe("previewOf", () => {
  const size = (width: number, type: "image/webp" | "image/avif" = "image/webp") => ({
    url: `${width}.${type}`,
    type,
    width,
    height: width,
    size_bytes: 1,
  });
  const media = (change: Partial<MediaAttachment>) =>
    ({ poster_url: null, sizes: [], ...change }) as MediaAttachment;

  it("is the smallest picture that is large enough, in what every browser draws", () => {
    const sizes = [size(480), size(1080, "image/avif"), size(1080), size(2048)];
    expect(previewOf(media({ sizes }))).toBe("1080.image/webp");
    expect(previewOf(media({ sizes: [size(200)] }))).toBe("200.image/webp");
  });

  it("is the poster where there is nothing else, and null before there is anything", () => {
    expect(previewOf(media({ poster_url: "poster" }))).toBe("poster");
    expect(previewOf(media({}))).toBeNull();
  });
});
