/**
 * Posts that have arrived live but are not shown yet: the reader decides when the page moves. They wait under a query key of
 * their own, so likes, edits and deletions reach them like any other post.
 */
import { type InfiniteData, type QueryClient, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Page, TimelineItem } from "@/api/types";
import { compareIds } from "@/lib/ids";
import { patchEdit, postKeys, prepend } from "./cache";

export interface Arrivals {
  /** Newest first. */
  data: TimelineItem[];
  /** Set when the live connection lost track: this page replaces what is shown instead of going on top of it. */
  fresh: Page<TimelineItem> | null;
}

type Home = InfiniteData<Page<TimelineItem>, string | null>;

const none: Arrivals = { data: [], fresh: null };
/** Beyond this many, showing them all at once would be slower than starting with a fresh page. */
const mostKept = 100;
/** How far down a post is still "just shown", so that a repost of it is no news. */
const recentlyShown = 30;
/** Above this scroll offset in pixels the reader is looking at the top of the list. */
const topOfPagePx = 240;

const atTop = () => window.scrollY < topOfPagePx;

export function useArrivals(): Arrivals {
  const query = useQuery<Arrivals>({
    queryKey: postKeys.arrivals,
    queryFn: () => none,
    initialData: none,
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return query.data;
}

const shownItems = (home: Home | undefined) => home?.pages.flatMap((page) => page.data) ?? [];
const waiting = (client: QueryClient) => client.getQueryData<Arrivals>(postKeys.arrivals) ?? none;
const newestFirst = (items: TimelineItem[]) => items.sort((a, b) => compareIds(b.entry_id, a.entry_id));

function isNews(item: TimelineItem, shown: TimelineItem[], kept: TimelineItem[]): boolean {
  if ([...shown, ...kept].some((known) => known.entry_id === item.entry_id)) return false;
  return ![...kept, ...shown.slice(0, recentlyShown)].some((known) => known.id === item.id);
}

/** Takes in one live post. `mine`: shown at once when the reader is at the top, as nobody wonders where it came from. */
export function arrive(client: QueryClient, item: TimelineItem, mine: boolean): void {
  const home = client.getQueryData<Home>(postKeys.home);
  if (!home) return;
  const shown = shownItems(home);
  const kept = waiting(client);
  if (!isNews(item, shown, kept.data)) return;
  if (shown.length === 0 || (mine && atTop())) {
    client.setQueryData<Home>(postKeys.home, (data) => prepend(data, [item]) as Home | undefined);
    return;
  }
  if (kept.data.length >= mostKept) return void catchUp(client);
  client.setQueryData<Arrivals>(postKeys.arrivals, { ...kept, data: newestFirst([item, ...kept.data]) });
}

/** Puts what waits on top of the list, or starts the list anew after a gap. */
export function showArrivals(client: QueryClient): void {
  const { data, fresh } = waiting(client);
  client.setQueryData<Home>(postKeys.home, (home) =>
    fresh ? { pages: [fresh], pageParams: [null] } : (prepend(home, data) as Home | undefined),
  );
  client.setQueryData<Arrivals>(postKeys.arrivals, none);
}

/** After a gap in the live connection: asks for the newest page and works out what the reader has missed. */
export async function catchUp(client: QueryClient): Promise<void> {
  const home = client.getQueryData<Home>(postKeys.home);
  if (!home) return;
  const page = await unwrap(api.GET("/v1/timelines/home", { params: { query: { limit: 40 } } }));
  const shown = shownItems(client.getQueryData<Home>(postKeys.home));
  const known = new Set(shown.map((item) => item.entry_id));
  const missed = page.data.filter((item) => !known.has(item.entry_id));
  for (const item of page.data) if (known.has(item.entry_id) && item.edited_at) patchEdit(client, item);
  if (missed.length === 0) return;
  const overlaps = missed.length < page.data.length;
  client.setQueryData<Arrivals>(postKeys.arrivals, { data: missed, fresh: overlaps ? null : page });
}
