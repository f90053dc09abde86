import { beforeEach, expect, it } from "vitest";
import { forgetSearch, forgetSearches, recentChanges, recentSearches, rememberSearch } from "./recent";

beforeEach(() => localStorage.clear());

it("keeps the newest eight, each once, for each reader", () => {
  for (const number of [1, 2, 3, 4, 5, 6, 7, 8, 9]) rememberSearch("1", `search ${number}`);
  rememberSearch("1", "SEARCH 4");
  expect(recentSearches("1").slice(0, 3)).toEqual(["SEARCH 4", "search 9", "search 8"]);
  expect(recentSearches("1")).toHaveLength(8);
  expect(recentSearches("2")).toEqual([]);
  expect(recentSearches(undefined)).toEqual([]);
});

it("forgets one, or all, and says so", () => {
  rememberSearch("1", "a");
  rememberSearch("1", "b");
  const before = recentChanges.get();
  forgetSearch("1", "a");
  expect(recentSearches("1")).toEqual(["b"]);
  forgetSearches("1");
  expect(recentSearches("1")).toEqual([]);
  expect(recentChanges.get()).toBe(before + 2);
});

it("takes what it cannot read for nothing", () => {
  for (const broken of ["{", '"text"', "[1, null]"]) {
    localStorage.setItem("rookery.searches.1", broken);
    expect(recentSearches("1")).toEqual([]);
  }
});
