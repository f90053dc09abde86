import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import type { RankedItem } from "@/api/types";
import { postKeys } from "@/domain/posts/cache";
import type { RankedPages } from "./api/use-for-you";
import { show } from "./api/use-show-less";
import { hide, placeOf, putBack } from "./hiding";

// Nothing here reads more of an item than its id.
const pagesOf = (...pages: string[][]): RankedPages => ({
  pages: pages.map((ids) => ({
    data: ids.map((id) => ({ id }) as RankedItem),
    next_cursor: null,
    fresh_at: "2026-01-01T00:00:00Z",
  })),
  pageParams: pages.map(() => null),
});
const ids = (pages: RankedPages | undefined) => pages?.pages.map(({ data }) => data.map(({ id }) => id));

describe("a post that is shown less of", () => {
  it("leaves and comes back to its place", () => {
    const before = pagesOf(["1", "2"], ["3", "4", "5"]);
    const place = placeOf(before, "4");
    const without = hide(before, "4");
    expect(ids(without)).toEqual([
      ["1", "2"],
      ["3", "5"],
    ]);
    expect(place && ids(putBack(without, place))).toEqual(ids(before));
  });

  it("comes back once, however often", () => {
    const before = pagesOf(["1", "2"]);
    const place = placeOf(before, "1");
    const after = place && putBack(hide(before, "1"), place);
    expect(place && after && putBack(after, place)).toBe(after);
  });

  it("leaves everything alone where it is not", () => {
    const pages = pagesOf(["1"]);
    expect(placeOf(pages, "9")).toBeNull();
    expect(hide(pages, "9")).toBe(pages);
    expect(hide(undefined, "9")).toBeUndefined();
  });

  it("stays away from a ranking made meanwhile that is shorter, or is not there", () => {
    const place = placeOf(pagesOf(["1"], ["2"]), "2");
    const fresh = pagesOf(["7"]);
    expect(place && putBack(fresh, place)).toBe(fresh);
    expect(place && putBack(undefined, place)).toBeUndefined();
  });

  it("stays away when a page arrives that was asked for before", async () => {
    const client = new QueryClient();
    client.setQueryData(postKeys.forYou, pagesOf(["1", "2"]));
    const place = placeOf(client.getQueryData(postKeys.forYou), "1");
    let arrive = (_: RankedPages) => {};
    const queryFn = () => new Promise<RankedPages>((resolve) => (arrive = resolve));
    const onItsWay = client.fetchQuery({ queryKey: postKeys.forYou, queryFn }).catch(() => undefined);
    if (place) show(client, place, true);
    arrive(pagesOf(["1", "2"], ["3"]));
    await onItsWay;
    expect(ids(client.getQueryData(postKeys.forYou))).toEqual([["2"]]);
  });
});
