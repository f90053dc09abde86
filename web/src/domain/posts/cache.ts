/**
 * Every query whose answer holds posts has a key that begins with "posts". One change of a post (a like, an edit, a
 * deletion) is therefore written into all lists at once, and no list keeps a copy of its own.
 */
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Page, Post, QuotedPost, TimelineItem, UserBrief } from "@/api/types";

export const postKeys = {
  all: ["posts"] as const,
  home: ["posts", "home"] as const,
  forYou: ["posts", "for-you"] as const,
  arrivals: ["posts", "arrivals"] as const,
  one: (id: string) => ["posts", "one", id] as const,
  threads: ["posts", "thread"] as const,
  thread: (id: string) => ["posts", "thread", id] as const,
  quotes: (id: string) => ["posts", "quotes", id] as const,
  byUser: (userId: string, tab: "posts" | "replies" | "media") => ["posts", "user", userId, tab] as const,
  likes: ["posts", "likes"] as const,
  bookmarks: ["posts", "bookmarks"] as const,
  notifications: ["posts", "notifications"] as const,
  search: (q: string, order: string) => ["posts", "search", order, q] as const,
  popular: ["posts", "popular"] as const,
  similar: (id: string) => ["posts", "similar", id] as const,
};

/** The places in which answers nest posts. Anything else is left alone, unread. */
const containers = new Set(["pages", "data", "fresh", "ancestors", "post", "replies", "quote_of"]);

function isPost(value: object): value is Post {
  return "content" in value && "author" in value && "likes_count" in value;
}

/** A copy of `value` with every post in it changed; parts without a change keep their identity. */
export function mapPosts<T>(value: T, change: (post: Post) => Post): T {
  if (Array.isArray(value)) {
    const next = value.map((item) => mapPosts(item, change));
    return (next.some((item, index) => item !== value[index]) ? next : value) as T;
  }
  if (typeof value !== "object" || value === null) return value;
  const source: object = isPost(value) ? change(value) : value;
  let result = source as Record<string, unknown>;
  for (const [key, inner] of Object.entries(source)) {
    if (!containers.has(key)) continue;
    const next = mapPosts(inner, change);
    if (next === inner) continue;
    if (result === source || result === value) result = { ...result };
    result[key] = next;
  }
  return result as T;
}

/** A change of the people whom a post names: its author, whom it answers, and who reposted it. */
export const withPeople =
  (change: (user: UserBrief) => UserBrief) =>
  <P extends Post>(post: P): P => {
    const changed = (name: string) => {
      const user = (post as Record<string, unknown>)[name] as UserBrief | null | undefined;
      const next = user && change(user);
      return next === user ? {} : { [name]: next };
    };
    const all = { ...changed("author"), ...changed("reply_to_author"), ...changed("reposted_by") };
    return Object.keys(all).length > 0 ? { ...post, ...all } : post;
  };

export function patchPost(client: QueryClient, id: string, change: (post: Post) => Post): void {
  client.setQueriesData({ queryKey: postKeys.all }, (data: unknown) =>
    mapPosts(data, (post) => (post.id === id ? change(post) : post)),
  );
}

/** The post with the counts of a fresher answer. Who reads it has not changed, so their own marks stay as they are. */
export function withCounts(post: Post, fresh: Post): Post {
  const { likes_count, reposts_count, replies_count, quotes_count } = fresh;
  return { ...post, likes_count, reposts_count, replies_count, quotes_count };
}

/** Writes the counts of a post that came along with something else, and of what it quotes, into every list. */
export function patchCounts(client: QueryClient, fresh: Post): void {
  patchPost(client, fresh.id, (post) => withCounts(post, fresh));
  const quoted = fresh.quote_of?.post;
  if (quoted) patchPost(client, quoted.id, (post) => withCounts(post, quoted));
}

/** The post with the words of a fresher answer, unless it has these or newer ones. Counts and marks stay as they are. */
export function withEdit(post: Post, fresh: Post): Post {
  if (fresh.revision <= post.revision) return post;
  const { content, entities, lang, card, edited_at, revision } = fresh;
  return { ...post, content, entities, lang, card, edited_at, revision };
}

/** Writes an edit into every list, thread and quote that has the post. */
export function patchEdit(client: QueryClient, fresh: Post): void {
  patchPost(client, fresh.id, (post) => withEdit(post, fresh));
  void client.invalidateQueries({ queryKey: ["history", fresh.id] });
}

/** Whether any list holds this post. */
export function holdsPost(client: QueryClient, id: string): boolean {
  let found = false;
  for (const [, data] of client.getQueriesData({ queryKey: postKeys.all })) {
    mapPosts(data, (post) => {
      found ||= post.id === id;
      return post;
    });
  }
  return found;
}

type Paged = InfiniteData<Page<unknown>>;

const isPaged = (data: unknown): data is Paged =>
  typeof data === "object" && data !== null && Array.isArray((data as Paged).pages);

/** What waits to be shown at home (see arrivals.ts). */
const isArrivals = (data: unknown): data is { data: TimelineItem[] } =>
  typeof data === "object" && data !== null && "fresh" in data;

function refersTo(item: unknown, id: string): boolean {
  if (typeof item !== "object" || item === null) return false;
  return (item as { id?: unknown }).id === id || (item as { post?: Post | null }).post?.id === id;
}

function withoutPost(data: unknown, id: string): unknown {
  if (isArrivals(data)) return { ...data, data: data.data.filter((item) => !refersTo(item, id)) };
  if (!isPaged(data)) return data;
  const others = (posts: unknown) => (posts as Post[]).filter((post) => post.id !== id);
  const pages = data.pages.map((page) => ({
    ...page,
    ...(page.data && { data: page.data.filter((item) => !refersTo(item, id)) }),
    ...("replies" in page && { replies: others(page.replies) }),
    ...("ancestors" in page && { ancestors: others(page.ancestors) }),
  }));
  return { ...data, pages };
}

const gone = (quote: QuotedPost): QuotedPost => ({ ...quote, unavailable: "deleted", post: null });

/** Takes a deleted post out of every list; where it is quoted, says so. */
export function removePost(client: QueryClient, id: string): void {
  client.setQueriesData({ queryKey: postKeys.all }, (data: unknown) =>
    mapPosts(withoutPost(data, id), (post) =>
      post.quote_of?.id === id && !post.quote_of.unavailable
        ? { ...post, quote_of: gone(post.quote_of) }
        : post,
    ),
  );
}

/** Takes everything by one author out of the lists that the reader browses: after a block or a mute. */
export function removeAuthor(client: QueryClient, userId: string): void {
  for (const queryKey of [postKeys.home, postKeys.arrivals, postKeys.forYou]) {
    client.setQueryData(queryKey, (data: unknown) => {
      const keep = (item: TimelineItem) => item.author.id !== userId && item.reposted_by?.id !== userId;
      if (isArrivals(data)) return { ...data, data: data.data.filter(keep) };
      if (!isPaged(data)) return data;
      return {
        ...data,
        pages: data.pages.map((page) => ({ ...page, data: (page.data as TimelineItem[]).filter(keep) })),
      };
    });
  }
}

/** Puts items on top of a loaded list, without those that it already has. Newest first in, newest first out. */
export function prepend<T extends { entry_id: string }>(
  data: InfiniteData<Page<T>> | undefined,
  items: T[],
): InfiniteData<Page<T>> | undefined {
  const [first, ...rest] = data?.pages ?? [];
  if (!data || !first) return data;
  const known = new Set(data.pages.flatMap((page) => page.data.map((item) => item.entry_id)));
  const fresh = items.filter((item) => !known.has(item.entry_id));
  if (fresh.length === 0) return data;
  return { ...data, pages: [{ ...first, data: [...fresh, ...first.data] }, ...rest] };
}

/** A post as an entry of a timeline. */
export const asTimelineItem = (post: Post): TimelineItem => ({
  ...post,
  entry_id: post.id,
  reposted_by: null,
});
