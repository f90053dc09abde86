import { Link } from "@tanstack/react-router";
import { Hash } from "lucide-react";
import type { FoundHashtag } from "@/api/types";
import { wordsOf } from "@/domain/search/terms";
import { compactNumber, plural } from "@/lib/numbers";
import { LoadMore } from "@/ui/load-more";
import { LoadingMore } from "@/ui/spinner";
import { EmptyState, ErrorState } from "@/ui/states";
import { useHashtagSearch } from "../api/use-found";

/** Hashtags by their beginning; several words are looked for as one tag. */
export function FoundHashtags({ query }: { query: string }) {
  const start = wordsOf(query).replaceAll(/\s/g, "");
  const found = useHashtagSearch(start);
  const empty = (
    <EmptyState
      icon={Hash}
      title="No hashtags found"
      text={start ? `No hashtag in use begins with “${start}”.` : "This search has no word to begin with."}
    />
  );
  if (start === "") return empty;
  if (found.isPending) return <LoadingMore label="Loading hashtags" />;
  if (found.isError && !found.data)
    return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  const hashtags = found.data.pages.flatMap((page) => page.data);
  if (hashtags.length === 0 && !found.hasNextPage) return empty;
  return (
    <>
      <ul aria-label="Hashtags found" className="divide-y divide-line">
        {hashtags.map((hashtag) => (
          <li key={hashtag.tag}>
            <HashtagRow hashtag={hashtag} />
          </li>
        ))}
      </ul>
      <LoadMore query={found} />
    </>
  );
}

function HashtagRow({ hashtag: { tag, posts_count, authors_count } }: { hashtag: FoundHashtag }) {
  return (
    <Link
      to="/hashtag/$tag"
      params={{ tag }}
      className="flex items-center gap-3 px-4 py-3 hover:bg-hover focus-visible:-outline-offset-2"
    >
      <span className="grid size-11 shrink-0 place-items-center rounded-full bg-accent-soft text-accent">
        <Hash className="size-5" aria-hidden="true" />
      </span>
      <span className="min-w-0 leading-snug">
        <bdi className="block truncate font-bold">#{tag}</bdi>
        <span className="text-[14.5px] text-muted">
          {compactNumber(posts_count)} {plural(posts_count, "post")} by {compactNumber(authors_count)}{" "}
          {plural(authors_count, "person", "people")} this week
        </span>
      </span>
    </Link>
  );
}
