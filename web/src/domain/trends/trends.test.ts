import { expect, it } from "vitest";
import { linePoints } from "./sparkline";
import { queryOfTrend, titleOfTrend } from "./use-trends";

it("draws a line from zero to its highest point", () => {
  expect(linePoints([0, 1, 4], 64, 20)).toBe("0,20 32,15 64,0");
  expect(linePoints([0, 0], 10, 10)).toBe("0,10 10,10");
  expect(linePoints([3], 10, 10)).toBe("0,0");
  expect(linePoints([], 10, 10)).toBe("");
});

it("searches for what a trend is about", () => {
  expect(queryOfTrend({ kind: "hashtag", name: "rooks" })).toBe("#rooks");
  expect(queryOfTrend({ kind: "phrase", name: "early bird" })).toBe('"early bird"');
  expect(queryOfTrend({ kind: "link", name: "example.org/a" })).toBe("url:example.org/a");
  expect(titleOfTrend({ kind: "hashtag", name: "rooks" })).toBe("#rooks");
});
