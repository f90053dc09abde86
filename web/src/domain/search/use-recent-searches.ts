import { useMemo } from "react";
import { useStore } from "@/lib/store";
import { useMe } from "../users/cache";
import { forgetSearch, forgetSearches, recentChanges, recentSearches, rememberSearch } from "./recent";

/** The reader's recent searches, and what can be done with them. */
export function useRecentSearches() {
  const readerId = useMe()?.id;
  const changes = useStore(recentChanges);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the counter says when to read anew
  const queries = useMemo(() => recentSearches(readerId), [readerId, changes]);
  return {
    queries,
    remember: (query: string) => rememberSearch(readerId, query),
    forget: (query: string) => forgetSearch(readerId, query),
    forgetAll: () => forgetSearches(readerId),
  };
}
