import { useInfiniteQuery } from "@tanstack/react-query";
import { Hash } from "lucide-react";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import type { TimelineItem } from "@/api/types";
import { PostFeed } from "@/domain/posts/components/post-feed";
import { usePageTitle } from "@/domain/use-page-title";
import { PageHeader } from "@/ui/page-header";
import { EmptyState } from "@/ui/states";

/** Posts looked through per step; the largest page that the API gives. */
const step = 100;

const carries = (item: TimelineItem, tag: string) =>
  item.entities.hashtags.some((hashtag) => hashtag.tag.toLowerCase() === tag.toLowerCase());

/** Posts with one hashtag from the people that the reader follows, found by reading the home timeline backwards. */
function useTaggedPosts(tag: string) {
  return useInfiniteQuery({
    queryKey: ["posts", "hashtag", tag.toLowerCase()],
    queryFn: async ({ pageParam, signal }) => {
      const query = pageQuery(pageParam, step);
      const page = await unwrap(api.GET("/v1/timelines/home", { params: { query }, signal }));
      return { ...page, data: page.data.filter((item) => carries(item, tag)) };
    },
    ...byCursor,
  });
}

export function HashtagPage({ tag }: { tag: string }) {
  usePageTitle(`#${tag}`);
  const query = useTaggedPosts(tag);
  const empty = (
    <EmptyState icon={Hash} title={`No #${tag} here`} text="Nobody you follow has used this hashtag." />
  );
  return (
    <>
      <PageHeader title={<bdi>#{tag}</bdi>} subtitle="From people you follow" back />
      <PostFeed name={`hashtag:${tag}`} label={`Posts with #${tag}`} query={query} empty={empty} />
    </>
  );
}
