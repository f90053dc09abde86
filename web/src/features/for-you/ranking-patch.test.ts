import { describe, expect, it } from "vitest";
import type { Ranking } from "@/api/types";
import { stopsWith } from "./half-life";
import { movesBetween } from "./moves";
import { isDefault, keepPatch, mergePatches, resetPatch, withPatch } from "./ranking-patch";

const byDefault: Ranking = {
  weights: { recency: 1, network: 1 },
  defaults: { recency: 1, network: 1 },
  half_life_hours: 12,
  default_half_life_hours: 12,
  bounds: {},
  less: { posts: 0, authors: 0 },
};

describe("changes of the ranking", () => {
  it("are merged, the later one on top", () => {
    const first = { weights: { recency: 2, network: 0 }, half_life_hours: 6 };
    expect(mergePatches(first, { weights: { recency: null } })).toEqual({
      weights: { recency: null, network: 0 },
      half_life_hours: 6,
    });
    expect(mergePatches({ half_life_hours: 6 }, { half_life_hours: null })).toEqual({
      half_life_hours: null,
    });
  });

  it("show at once what the server will answer", () => {
    const changed = withPatch(byDefault, { weights: { recency: 0.5 }, half_life_hours: 48 });
    expect(changed).toMatchObject({ weights: { recency: 0.5, network: 1 }, half_life_hours: 48 });
    expect(withPatch(changed, { weights: { recency: null } }).weights.recency).toBe(1);
    expect(withPatch(changed, { weights: { recency: null } }).half_life_hours).toBe(48);
  });

  it("can all be reset, and that undone", () => {
    const changed = withPatch(byDefault, { weights: { network: 0 }, half_life_hours: 1 });
    expect(isDefault(changed)).toBe(false);
    const reset = withPatch(changed, resetPatch(changed));
    expect(isDefault(reset)).toBe(true);
    expect(withPatch(reset, keepPatch(changed))).toEqual(changed);
  });
});

describe("stopsWith", () => {
  it("has every value once and in order, also ones that no stop is for", () => {
    const stops = stopsWith(12, 5.5);
    expect(stops).toContain(5.5);
    expect(stops.filter((hours) => hours === 12)).toHaveLength(1);
    expect(stops).toEqual([...stops].sort((a, b) => a - b));
    expect([stops[0], stops.at(-1)]).toEqual([1, 168]);
  });
});

describe("movesBetween", () => {
  it("counts places up, down and from nowhere", () => {
    expect([...movesBetween(["a", "b", "c"], ["c", "a", "z"])]).toEqual([
      ["c", 2],
      ["a", -1],
      ["z", "new"],
    ]);
  });

  it("knows of no moves at first", () => expect([...movesBetween(null, ["a"])]).toEqual([["a", 0]]));
});
