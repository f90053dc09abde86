import { describe, expect, it } from "vitest";
import { boxRatio, cellsFor, objectPosition, srcSetOf } from "./layout";

const picture = (width: number | null, height: number | null) => ({ kind: "image" as const, width, height });

describe("the box of a post's media", () => {
  it.each([
    [400, 300, 4 / 3],
    [300, 300, 1],
    [300, 3000, 3 / 4],
    [5000, 100, 2],
  ])("keeps %i by %i within bounds", (width, height, ratio) =>
    expect(boxRatio([picture(width, height)])).toBeCloseTo(ratio),
  );

  it("has a usual shape where none is known, and for several", () => {
    expect(boxRatio([picture(null, null)])).toBeCloseTo(16 / 9);
    expect(boxRatio([picture(100, 900), picture(100, 900)])).toBeCloseTo(16 / 9);
  });

  it.each([1, 2, 3, 4])("has a cell for each of %i", (count) => expect(cellsFor(count)).toHaveLength(count));
});

describe("objectPosition", () => {
  it.each([
    [null, "50% 50%"],
    [[0, 0], "50% 50%"],
    [[-1, 1], "0% 0%"],
    [[1, -1], "100% 100%"],
    [[0.5, 0.5], "75% 25%"],
  ])("puts %j at %s", (focus, expected) => expect(objectPosition(focus)).toBe(expected));
});

describe("srcSetOf", () => {
  const size = (width: number, type: string) => ({ url: `/media/${width}`, width, height: 10, type });

  it("lists the renditions of one type only", () => {
    const sizes = [size(320, "image/webp"), size(320, "image/avif"), size(900, "image/webp")];
    expect(srcSetOf(sizes, "image/webp")).toBe("/media/320 320w, /media/900 900w");
    expect(srcSetOf(sizes, "image/png")).toBe("");
  });
});
