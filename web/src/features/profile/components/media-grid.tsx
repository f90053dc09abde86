import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { Page, Post } from "@/api/types";
import { LoadMore } from "@/ui/load-more";
import { ErrorState } from "@/ui/states";
import { MediaCell } from "./media-cell";

interface MediaGridProps {
  label: string;
  query: UseInfiniteQueryResult<InfiniteData<Page<Post>>>;
  empty: ReactNode;
}

const columns = 3;
const gapPx = 2;

/** Posts with pictures and videos as an endless grid of squares, newest first; each leads to its post. */
export function MediaGrid({ label, query, empty }: MediaGridProps) {
  if (query.isPending) return <Skeleton />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const posts = query.data.pages.flatMap((page) => page.data).filter(({ media }) => media.length > 0);
  if (posts.length === 0 && !query.hasNextPage) return empty;
  return (
    <>
      <Rows label={label} posts={posts} busy={query.isFetchingNextPage} />
      <LoadMore query={query} />
    </>
  );
}

/** Only the rows near the window are in the document. */
function Rows({ label, posts, busy }: { label: string; posts: Post[]; busy: boolean }) {
  const grid = useRef<HTMLElement>(null);
  const { width, top } = usePlace(grid);
  const side = (width - (columns - 1) * gapPx) / columns;
  const virtualizer = useWindowVirtualizer({
    count: width > 0 ? Math.ceil(posts.length / columns) : 0,
    estimateSize: () => side + gapPx,
    overscan: 4,
    scrollMargin: top,
    initialOffset: () => window.scrollY,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: it keeps the sizes that it was told first
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, side]);
  return (
    <section
      ref={grid}
      aria-label={label}
      aria-busy={busy}
      className="relative"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ index, start }) => (
        <ul
          key={index}
          className="absolute inset-x-0 top-0 grid grid-cols-3"
          style={{ gap: gapPx, height: side, transform: `translateY(${start - top}px)` }}
        >
          {posts.slice(index * columns, (index + 1) * columns).map((post) => (
            <li key={post.id} className="relative">
              <MediaCell post={post} />
            </li>
          ))}
        </ul>
      ))}
    </section>
  );
}

/** How wide an element is and where it begins on the page, in pixels. */
function usePlace(element: RefObject<HTMLElement | null>): { width: number; top: number } {
  const [place, setPlace] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const shown = element.current;
    if (!shown) return;
    const look = () => {
      const { width, top } = shown.getBoundingClientRect();
      setPlace({ width, top: Math.round(top + window.scrollY) });
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(shown);
    return () => observer.disconnect();
  }, [element]);
  return place;
}

function Skeleton() {
  return (
    <div role="status" aria-label="Loading pictures and videos" className="grid grid-cols-3 gap-0.5">
      {Array.from({ length: 9 }, (_, cell) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
        <span key={cell} className="skeleton block aspect-square" />
      ))}
    </div>
  );
}
