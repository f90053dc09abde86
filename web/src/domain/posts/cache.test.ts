import { type InfiniteData, QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";
import { ApiError } from "@/api/problem";
import type { Page, TimelineItem } from "@/api/types";
import { type Arrivals, arrive, showArrivals } from "./arrivals";
import {
  asTimelineItem,
  holdsPost,
  mapPosts,
  patchCounts,
  patchPost,
  postKeys,
  removeAuthor,
  removePost,
} from "./cache";
import { dropGone, isGone } from "./gone";
import { samplePost as post } from "./sample";
import { withReaction } from "./use-post-toggles";

type Home = InfiniteData<Page<TimelineItem>>;
const item = (id: string) => asTimelineItem(post(id));
const homeOf = (...ids: string[]): Home => ({
  pages: [{ data: ids.map(item), next_cursor: null }],
  pageParams: [null],
});

let client: QueryClient;
beforeEach(() => {
  client = new QueryClient();
});
const shown = () => client.getQueryData<Home>(postKeys.home)?.pages[0]?.data.map((each) => each.entry_id);
const kept = () => client.getQueryData<Arrivals>(postKeys.arrivals)?.data.map((each) => each.entry_id) ?? [];

describe("mapPosts", () => {
  it("reaches posts in pages, threads, quotes and notifications, and keeps the rest as it is", () => {
    const quoting = post("2", {
      quote_of: { id: "1", unavailable: null, post: post("1") },
      quote_of_id: "1",
    });
    const data = {
      pages: [{ data: [quoting, { type: "like", post: post("1") }, post("3")], next_cursor: null }],
    };
    const next = mapPosts(data, (each) => (each.id === "1" ? { ...each, content: "new" } : each));
    const [first, second, third] = next.pages[0]?.data ?? [];
    expect(first).toMatchObject({ quote_of: { post: { content: "new" } } });
    expect(second).toMatchObject({ post: { content: "new" } });
    expect(third).toBe(data.pages[0]?.data[2]);
  });

  it("gives back the very same value when nothing changes", () => {
    const data = homeOf("1", "2");
    expect(mapPosts(data, (each) => each)).toBe(data);
  });
});

describe("patchPost and removePost", () => {
  it("change a post in every list", () => {
    client.setQueryData(postKeys.home, homeOf("1", "2"));
    client.setQueryData(postKeys.bookmarks, homeOf("1"));
    patchPost(client, "1", (each) => withReaction(each, "like", true));
    for (const key of [postKeys.home, postKeys.bookmarks]) {
      const first = client.getQueryData<Home>(key)?.pages[0]?.data[0];
      expect(first).toMatchObject({ likes_count: 4, viewer: { liked: true } });
    }
  });

  it("take a deleted post out of lists and mark it where it is quoted", () => {
    const quoting = post("2", { quote_of: { id: "1", unavailable: null, post: post("1") } });
    client.setQueryData(postKeys.home, {
      pages: [{ data: [item("1"), asTimelineItem(quoting)], next_cursor: null }],
      pageParams: [null],
    });
    removePost(client, "1");
    expect(shown()).toEqual(["2"]);
    const quote = client.getQueryData<Home>(postKeys.home)?.pages[0]?.data[0]?.quote_of;
    expect(quote).toEqual({ id: "1", unavailable: "deleted", post: null });
  });
});

describe("patchCounts", () => {
  it("writes the counts of a post and of what it quotes, and leaves the reader's own marks", () => {
    const mine = post("1", { viewer: { liked: true, reposted: false, bookmarked: false } });
    client.setQueryData(postKeys.home, { ...homeOf(), pages: [{ data: [mine], next_cursor: null }] });
    const fresh = post("1", { likes_count: 9, quotes_count: 2 });
    patchCounts(
      client,
      post("2", { quote_of_id: "1", quote_of: { id: "1", unavailable: null, post: fresh } }),
    );
    const [first] = client.getQueryData<Home>(postKeys.home)?.pages[0]?.data ?? [];
    expect(first).toMatchObject({ likes_count: 9, quotes_count: 2, viewer: { liked: true } });
    expect(holdsPost(client, "1")).toBe(true);
    expect(holdsPost(client, "2")).toBe(false);
  });
});

describe("a post that is gone", () => {
  it("is told from other refusals", () => {
    const refused = (status: number, field?: string) =>
      new ApiError(status, field ? { errors: [{ field, code: "not_found", message: "is gone" }] } : {});
    expect(isGone(refused(404))).toBe(true);
    expect(isGone(refused(400, "reply_to_id"))).toBe(true);
    expect(isGone(refused(400, "content"))).toBe(false);
    expect(isGone(refused(503))).toBe(false);
  });

  it("leaves every list", () => {
    client.setQueryData(postKeys.home, homeOf("2", "1"));
    dropGone(client, "1");
    expect(shown()).toEqual(["2"]);
  });
});

describe("withReaction", () => {
  it("moves the counter only with the flag", () => {
    const once = withReaction(post("1"), "like", true);
    expect(once.likes_count).toBe(4);
    expect(withReaction(once, "like", true)).toBe(once);
    expect(withReaction(once, "like", false).likes_count).toBe(3);
  });

  it("never counts below zero", () => {
    const odd = post("1", { likes_count: 0, viewer: { liked: true, reposted: false, bookmarked: false } });
    expect(withReaction(odd, "like", false).likes_count).toBe(0);
  });
});

describe("arrivals", () => {
  beforeEach(() => {
    client.setQueryData(postKeys.home, homeOf("5", "4"));
  });

  it("wait until the reader asks, newest first, each once", () => {
    for (const id of ["6", "10", "6", "5"]) arrive(client, item(id), false);
    expect(shown()).toEqual(["5", "4"]);
    expect(kept()).toEqual(["10", "6"]);
    showArrivals(client);
    expect(shown()).toEqual(["10", "6", "5", "4"]);
    expect(kept()).toEqual([]);
  });

  it("show an own post at once at the top of the page", () => {
    arrive(client, item("7"), true);
    expect(shown()).toEqual(["7", "5", "4"]);
  });

  it("fill an empty timeline at once", () => {
    client.setQueryData(postKeys.home, homeOf());
    arrive(client, item("7"), false);
    expect(shown()).toEqual(["7"]);
  });

  it("pass over a repost of what has just been shown", () => {
    arrive(client, { ...item("5"), entry_id: "9", reposted_by: post("8").author }, false);
    expect(kept()).toEqual([]);
  });

  it("replace the list after a gap that could not be bridged", () => {
    const fresh = { data: [item("90"), item("80")], next_cursor: "x" };
    client.setQueryData<Arrivals>(postKeys.arrivals, { data: fresh.data, fresh });
    showArrivals(client);
    expect(shown()).toEqual(["90", "80"]);
  });

  it("lose the posts of somebody who is blocked meanwhile", () => {
    arrive(client, item("6"), false);
    arrive(client, item("7"), false);
    client.setQueryData(postKeys.forYou, homeOf("5", "3"));
    removeAuthor(client, "u6");
    removeAuthor(client, "u5");
    expect(kept()).toEqual(["7"]);
    expect(shown()).toEqual(["4"]);
    const ranked = client.getQueryData<Home>(postKeys.forYou)?.pages[0]?.data;
    expect(ranked?.map((each) => each.id)).toEqual(["3"]);
  });
});
