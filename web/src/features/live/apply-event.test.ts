import { type InfiniteData, QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";
import type { Page, Post, Thread, TimelineItem } from "@/api/types";
import type { Arrivals } from "@/domain/posts/arrivals";
import { asTimelineItem, postKeys } from "@/domain/posts/cache";
import { samplePost } from "@/domain/posts/sample";
import type { StreamEvent } from "@/stream/client";
import { applyEvent } from "./apply-event";

const post = (id: string, change: Partial<Post> = {}): Post =>
  samplePost(id, { viewer: { liked: true, reposted: false, bookmarked: false }, ...change });
const quoting = (id: string, quoted: Post) =>
  post(id, { quote_of_id: quoted.id, quote_of: { id: quoted.id, unavailable: null, post: quoted } });

type Home = InfiniteData<Page<TimelineItem>>;
const homeOf = (...posts: Post[]): Home => ({
  pages: [{ data: posts.map(asTimelineItem), next_cursor: null }],
  pageParams: [null],
});
const threadOf = (ancestors: Post[], focused: Post, replies: Post[]): InfiniteData<Thread> => ({
  pages: [{ ancestors, post: focused, replies, next_cursor: null }],
  pageParams: [null],
});

const edited = (id: string, revision = 2): StreamEvent => ({
  channel: "home",
  event: "post.edited",
  data: asTimelineItem(
    post(id, {
      content: `words ${revision}`,
      entities: { mentions: [], hashtags: [{ tag: "rooks", start: 0, end: 6 }], cashtags: [], urls: [] },
      edited_at: "2026-01-02T00:00:00.000Z",
      revision,
      likes_count: 1,
      viewer: { liked: false, reposted: false, bookmarked: false },
    }),
  ),
});
const deleted = (id: string): StreamEvent => ({ channel: "home", event: "post.deleted", data: { id } });

let client: QueryClient;
beforeEach(() => {
  client = new QueryClient();
  client.setQueryData(postKeys.home, homeOf(quoting("3", post("1")), post("2"), post("1")));
  client.setQueryData(postKeys.arrivals, { data: [asTimelineItem(post("4"))], fresh: null });
  client.setQueryData(postKeys.thread("2"), threadOf([post("1")], post("2"), [post("4"), post("5")]));
});
const home = () => client.getQueryData<Home>(postKeys.home)?.pages[0]?.data ?? [];
const thread = () => client.getQueryData<InfiniteData<Thread>>(postKeys.thread("2"))?.pages[0];
const waiting = () => client.getQueryData<Arrivals>(postKeys.arrivals)?.data ?? [];

describe("an edit", () => {
  it("changes the words in lists, threads and quotes, and neither counts nor the reader's marks", () => {
    applyEvent(client, edited("1"));
    const words = { content: "words 2", revision: 2, edited_at: "2026-01-02T00:00:00.000Z" };
    const rest = { likes_count: 3, viewer: { liked: true } };
    expect(home()[2]).toMatchObject({ ...words, ...rest, entities: { hashtags: [{ tag: "rooks" }] } });
    expect(home()[0]?.quote_of?.post).toMatchObject({ ...words, ...rest });
    expect(thread()?.ancestors[0]).toMatchObject({ ...words, ...rest });
    expect(home()[1]).toMatchObject({ content: "post 2" });
  });

  it("reaches a post that waits to be shown", () => {
    applyEvent(client, edited("4"));
    expect(waiting()[0]).toMatchObject({ content: "words 2" });
  });

  it("that comes late leaves newer words alone", () => {
    applyEvent(client, edited("1", 3));
    const before = home();
    applyEvent(client, edited("1", 2));
    applyEvent(client, edited("1", 3));
    expect(home()[2]).toMatchObject({ content: "words 3" });
    expect(home()[2]).toBe(before[2]);
  });

  it("of a post that no list has is no news", () => {
    const before = client.getQueryData(postKeys.home);
    applyEvent(client, edited("77"));
    expect(client.getQueryData(postKeys.home)).toBe(before);
    expect(waiting().map((item) => item.id)).toEqual(["4"]);
  });
});

describe("a deletion", () => {
  it("takes the post out of lists and threads, and says so where it is quoted", () => {
    applyEvent(client, deleted("1"));
    expect(home().map((item) => item.id)).toEqual(["3", "2"]);
    expect(home()[0]?.quote_of).toEqual({ id: "1", unavailable: "deleted", post: null });
    expect(thread()?.ancestors).toEqual([]);
    applyEvent(client, deleted("4"));
    expect(waiting()).toEqual([]);
    expect(thread()?.replies.map((reply) => reply.id)).toEqual(["5"]);
  });

  it("empties the page of the post itself, which asks again", () => {
    applyEvent(client, deleted("2"));
    expect(client.getQueryState(postKeys.thread("2"))?.data).toBeUndefined();
  });

  it("of a post that no list has leaves all lists as they are", () => {
    const before = client.getQueryData(postKeys.home);
    applyEvent(client, deleted("77"));
    expect(client.getQueryData(postKeys.home)).toBe(before);
  });
});

describe("an event of a later version", () => {
  it.each(["post.pinned", "poll.closed"])("changes nothing: %s", (event) => {
    const before = client.getQueryData(postKeys.home);
    applyEvent(client, { channel: "home", event, data: { id: "1" } } as unknown as StreamEvent);
    expect(client.getQueryData(postKeys.home)).toBe(before);
    expect(waiting()).toHaveLength(1);
  });
});
