import type { SearchTab } from "@/domain/search/search-tab";
import { usePageTitle } from "@/domain/use-page-title";
import { Discover } from "./discover";
import { Results } from "./results";

interface ExplorePageProps {
  /** What is searched for; absent, the page shows what is going on. */
  query: string | undefined;
  tab: SearchTab;
}

export function ExplorePage({ query, tab }: ExplorePageProps) {
  usePageTitle(query ? `${query} – Search` : "Explore");
  return query ? <Results query={query} tab={tab} /> : <Discover />;
}
