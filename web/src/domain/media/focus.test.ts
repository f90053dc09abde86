import { describe, expect, it } from "vitest";
import { focusAt, middle, percentOf } from "./focus";

describe("focusAt", () => {
  it("counts from the middle, right and up", () => {
    expect(focusAt(0.5, 0.5)).toEqual(middle);
    expect(focusAt(0, 0)).toEqual([-1, 1]);
    expect(focusAt(0.75, 0.9)).toEqual([0.5, -0.8]);
  });

  it("stays within the picture", () => {
    expect(focusAt(-3, 7)).toEqual([-1, -1]);
  });

  it("is undone by percentOf", () => {
    for (let percent = 0; percent <= 100; percent++)
      expect(percentOf(focusAt(percent / 100, 1 - percent / 100))).toEqual({
        left: percent,
        top: 100 - percent,
      });
  });
});
