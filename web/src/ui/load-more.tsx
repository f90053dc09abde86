import { useEffect, useRef } from "react";
import { Button } from "./button";
import { LoadingMore } from "./spinner";

interface Pageable {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  fetchNextPage: () => unknown;
}

/** Sits at the end of a list and fetches the next page shortly before it comes into view. */
export function LoadMore({ query }: { query: Pageable }) {
  const end = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const waiting = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;

  useEffect(() => {
    const element = end.current;
    if (!waiting || !element) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) fetchNextPage();
      },
      { rootMargin: "800px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [waiting, fetchNextPage]);

  if (!hasNextPage) return null;
  return (
    <div ref={end} className="min-h-16">
      {isFetchNextPageError ? (
        <div className="grid place-items-center py-4">
          <Button variant="secondary" onClick={() => fetchNextPage()}>
            Could not load more. Try again
          </Button>
        </div>
      ) : (
        <LoadingMore />
      )}
    </div>
  );
}
