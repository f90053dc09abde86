import { useNavigate } from "@tanstack/react-router";
import { useId } from "react";
import { refusalOf } from "@/domain/search/refusal";
import type { SearchTab } from "@/domain/search/search-tab";
import { usePostSearch } from "@/domain/search/use-searches";
import { TabList, tabId } from "@/ui/tabs";
import { ExploreHeader } from "./explore-header";
import { FoundHashtags } from "./found-hashtags";
import { FoundPeople } from "./found-people";
import { FoundPosts } from "./found-posts";

const tabs = [
  { value: "top", label: "Top" },
  { value: "latest", label: "Latest" },
  { value: "people", label: "People" },
  { value: "hashtags", label: "Hashtags" },
] as const satisfies { value: SearchTab; label: string }[];

/** What was found, in four ways. The address carries query and tab, so that it can be shared and "back" works. */
export function Results({ query, tab }: { query: string; tab: SearchTab }) {
  const panelId = useId();
  const navigate = useNavigate();
  const order = tab === "latest" ? "latest" : "relevance";
  const posts = usePostSearch(query, order, tab === "top" || tab === "latest");
  const refusal = refusalOf(posts.error, query);
  const select = (next: SearchTab) =>
    next !== tab &&
    void navigate({ to: "/explore", search: { q: query, ...(next !== "top" && { tab: next }) } });
  return (
    <>
      <ExploreHeader query={query} refusal={refusal}>
        <TabList
          label="Results"
          panelId={panelId}
          tabs={[...tabs]}
          selected={tab}
          onSelect={select}
          className="-mb-px"
        />
      </ExploreHeader>
      <div id={panelId} role="tabpanel" aria-labelledby={tabId(panelId, tab)}>
        {tab === "people" && <FoundPeople query={query} />}
        {tab === "hashtags" && <FoundHashtags query={query} />}
        {(tab === "top" || tab === "latest") && !refusal && (
          <FoundPosts query={query} order={order} posts={posts} />
        )}
      </div>
    </>
  );
}
