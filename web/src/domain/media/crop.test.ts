import { describe, expect, it } from "vitest";
import { inPixels, middleOf } from "./crop";

describe("middleOf", () => {
  it.each([
    [400, 200, 1, { x: 0.25, y: 0, width: 0.5, height: 1 }],
    [200, 400, 1, { x: 0, y: 0.25, width: 1, height: 0.5 }],
    [300, 300, 3, { x: 0, y: 1 / 3, width: 1, height: 1 / 3 }],
    [640, 480, null, { x: 0, y: 0, width: 1, height: 1 }],
  ])("finds the middle of %i by %i at %s", (width, height, ratio, expected) => {
    const found = middleOf(width, height, ratio);
    for (const [side, value] of Object.entries(expected))
      expect(found[side as keyof typeof found]).toBeCloseTo(value);
  });
});

describe("inPixels", () => {
  it("stays within the picture, however it was rounded", () => {
    expect(inPixels({ x: 0.999, y: 0.999, width: 0.5, height: 0.5 }, 10, 10)).toEqual({
      x: 9,
      y: 9,
      width: 1,
      height: 1,
    });
    expect(inPixels({ x: 0, y: 0, width: 1, height: 1 }, 7, 3)).toEqual({ x: 0, y: 0, width: 7, height: 3 });
    expect(inPixels({ x: 0.5, y: 0, width: 0.0001, height: 1 }, 10, 10).width).toBe(1);
  });
});
