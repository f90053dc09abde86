/** The searches that this browser remembers, newest first, for one reader; they never leave it. */
import { storage } from "@/lib/storage";
import { createStore } from "@/lib/store";

export const recentPrefix = "searches.";
const mostKept = 8;

const keyOf = (readerId: string | undefined) => `${recentPrefix}${readerId ?? "anyone"}`;

/** Counts changes, so that every box on the page reads anew. */
export const recentChanges = createStore(0);

export function recentSearches(readerId: string | undefined): string[] {
  try {
    const kept: unknown = JSON.parse(storage.get(keyOf(readerId)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((query) => typeof query === "string").slice(0, mostKept) : [];
  } catch {
    return [];
  }
}

function keep(readerId: string | undefined, queries: string[]): void {
  if (queries.length > 0) storage.set(keyOf(readerId), JSON.stringify(queries.slice(0, mostKept)));
  else storage.remove(keyOf(readerId));
  recentChanges.set(recentChanges.get() + 1);
}

const others = (readerId: string | undefined, query: string) =>
  recentSearches(readerId).filter((each) => each.toLowerCase() !== query.toLowerCase());

export const rememberSearch = (readerId: string | undefined, query: string) =>
  keep(readerId, [query, ...others(readerId, query)]);

export const forgetSearch = (readerId: string | undefined, query: string) =>
  keep(readerId, others(readerId, query));

export const forgetSearches = (readerId: string | undefined) => keep(readerId, []);
