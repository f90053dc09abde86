import { useNavigate } from "@tanstack/react-router";
import { Hash } from "lucide-react";
import { useId } from "react";
import { PostFeed } from "@/domain/posts/components/post-feed";
import { usePostSearch } from "@/domain/search/use-searches";
import { usePageTitle } from "@/domain/use-page-title";
import { PageHeader } from "@/ui/page-header";
import { EmptyState } from "@/ui/states";
import { TabList, tabId } from "@/ui/tabs";

export type HashtagTab = "latest" | "top";

const tabs = [
  { value: "latest", label: "Latest" },
  { value: "top", label: "Top" },
] as const satisfies { value: HashtagTab; label: string }[];

/** Everybody's posts with one hashtag. */
export function HashtagPage({ tag, tab }: { tag: string; tab: HashtagTab }) {
  usePageTitle(`#${tag}`);
  const panelId = useId();
  const navigate = useNavigate();
  const query = usePostSearch(`#${tag}`, tab === "top" ? "relevance" : "latest");
  const empty = (
    <EmptyState
      icon={Hash}
      title={`No #${tag} here`}
      text="Nobody whose posts you can see has used this hashtag."
    />
  );
  const select = (next: HashtagTab) =>
    void navigate({
      to: "/hashtag/$tag",
      params: { tag },
      search: next === "top" ? { tab: next } : {},
      replace: true,
    });
  return (
    <>
      <PageHeader title={<bdi>#{tag}</bdi>} back />
      <div className="border-b border-line">
        <TabList
          label="Order"
          panelId={panelId}
          tabs={[...tabs]}
          selected={tab}
          onSelect={select}
          className="-mb-px"
        />
      </div>
      <div id={panelId} role="tabpanel" aria-labelledby={tabId(panelId, tab)}>
        <PostFeed name={`hashtag:${tab}:${tag}`} label={`Posts with #${tag}`} query={query} empty={empty} />
      </div>
    </>
  );
}
