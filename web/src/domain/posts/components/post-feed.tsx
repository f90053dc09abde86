import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useWindowVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type ComponentType, type ReactNode, useLayoutEffect, useRef, useState } from "react";
import type { Page, Post, TimelineItem } from "@/api/types";
import { LoadMore } from "@/ui/load-more";
import { ErrorState } from "@/ui/states";
import { PostCard } from "./post-card";
import { PostSkeletons } from "./post-skeletons";
import { lostAbove } from "./steady";

type Item = Post | TimelineItem;

interface PostFeedProps<T extends Item> {
  /** Names the list; heights that were measured are kept under it for the way back. */
  name: string;
  label: string;
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>>;
  empty: ReactNode;
  /** Shows one post of the list; the plain card when absent. */
  card?: ComponentType<FeedCardProps<T>>;
}

export interface FeedCardProps<T extends Item> {
  post: T;
  /** 1-based place in the feed. */
  position: number;
}

const keyOf = (item: Item) => ("entry_id" in item ? item.entry_id : item.id);

/** Measured heights of lists that were left, so that "back" finds the page as long as it was. */
const measured = new Map<string, VirtualItem[]>();
const rememberedLists = 20;
const estimatedHeight = 150;

function remember(name: string, measurements: VirtualItem[]): void {
  measured.delete(name);
  measured.set(name, measurements);
  const oldest = measured.keys().next().value;
  if (measured.size > rememberedLists && oldest !== undefined) measured.delete(oldest);
}

/** An endless list of posts: only what is near the window is in the document. */
export function PostFeed<T extends Item>({ name, label, query, empty, card = PostCard }: PostFeedProps<T>) {
  if (query.isPending) return <PostSkeletons />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const items = query.data.pages.flatMap((page) => page.data);
  if (items.length === 0 && !query.hasNextPage) return empty;
  return (
    <>
      <VirtualPosts
        key={name}
        name={name}
        label={label}
        items={items}
        busy={query.isFetchingNextPage}
        card={card}
      />
      <LoadMore query={query} />
    </>
  );
}

interface VirtualPostsProps<T extends Item> {
  name: string;
  label: string;
  items: T[];
  busy: boolean;
  card: ComponentType<FeedCardProps<T>>;
}

function VirtualPosts<T extends Item>({ name, label, items, busy, card: Card }: VirtualPostsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  const restored = measured.get(name);
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => estimatedHeight,
    getItemKey: (index) => keyOf(items[index] as T),
    overscan: 8,
    scrollMargin,
    initialOffset: () => window.scrollY,
    ...(restored && { initialMeasurementsCache: restored }),
  });

  useLayoutEffect(() => {
    const top = list.current?.getBoundingClientRect().top ?? 0;
    setScrollMargin(Math.round(top + window.scrollY));
  }, []);

  useLayoutEffect(() => () => remember(name, virtualizer.measurementsCache), [name, virtualizer]);

  // What is read stays where it is when a post above it leaves the list.
  const shown = useRef<string[]>([]);
  useLayoutEffect(() => {
    const before = shown.current;
    shown.current = items.map(keyOf);
    const top = virtualizer.scrollOffset ?? 0;
    const heightOf = (key: VirtualItem["key"]) => virtualizer.itemSizeCache.get(key) ?? estimatedHeight;
    const lost = lostAbove(before, shown.current, heightOf, top - virtualizer.options.scrollMargin);
    if (lost > 0) virtualizer.scrollToOffset(top - lost);
  }, [items, virtualizer]);

  const rows = virtualizer.getVirtualItems();
  return (
    <div
      ref={list}
      role="feed"
      aria-label={label}
      aria-busy={busy}
      className="relative"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {rows.map((row) => (
        <div
          key={row.key}
          data-index={row.index}
          ref={virtualizer.measureElement}
          className="absolute inset-x-0 top-0"
          style={{ transform: `translateY(${row.start - virtualizer.options.scrollMargin}px)` }}
        >
          <Card post={items[row.index] as T} position={row.index + 1} />
        </div>
      ))}
    </div>
  );
}
