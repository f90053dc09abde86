import { describe, expect, it } from "vitest";
import { lostAbove } from "./steady";

const before = ["a", "b", "c", "d"];
const heightOf = (key: string | number | bigint) => ({ a: 100, b: 50, c: 200, d: 100 })[String(key)] ?? 0;

describe("lostAbove", () => {
  it("counts what left the list above, also what was partly above", () => {
    expect(lostAbove(before, ["b", "c", "d"], heightOf, 160)).toBe(100);
    expect(lostAbove(before, ["a", "b", "d"], heightOf, 160)).toBe(200);
  });

  it("leaves out what left below, what came and what stayed", () => {
    expect(lostAbove(before, ["a", "b", "c"], heightOf, 160)).toBe(0);
    expect(lostAbove(before, ["new", ...before], heightOf, 160)).toBe(0);
    expect(lostAbove(before, before, heightOf, 160)).toBe(0);
  });

  it("is nothing at the head of the list, and for another list", () => {
    expect(lostAbove(before, ["b", "c", "d"], heightOf, 0)).toBe(0);
    expect(lostAbove(before, ["x", "y"], heightOf, 400)).toBe(0);
    expect(lostAbove([], before, heightOf, 400)).toBe(0);
  });
});
