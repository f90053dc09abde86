import { useInfiniteQuery } from "@tanstack/react-query";
import { Heart, Quote, Repeat2 } from "lucide-react";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import { postKeys } from "@/domain/posts/cache";
import { PostFeed } from "@/domain/posts/components/post-feed";
import { usePageTitle } from "@/domain/use-page-title";
import { UserList } from "@/domain/users/components/user-list";
import { PageHeader } from "@/ui/page-header";
import { EmptyState } from "@/ui/states";

const words = {
  likes: { title: "Liked by", icon: Heart, none: "Nobody has liked this post yet" },
  reposts: { title: "Reposted by", icon: Repeat2, none: "Nobody has reposted this post yet" },
} as const;

/** The people who liked or reposted a post. */
export function EngagementPage({ postId, kind }: { postId: string; kind: "likes" | "reposts" }) {
  const { title, icon, none } = words[kind];
  usePageTitle(title);
  const query = useInfiniteQuery({
    queryKey: ["engagement", kind, postId],
    queryFn: ({ pageParam, signal }) => {
      const options = { params: { path: { post_id: postId }, query: pageQuery(pageParam, 50) }, signal };
      return unwrap(
        kind === "likes"
          ? api.GET("/v1/posts/{post_id}/likes", options)
          : api.GET("/v1/posts/{post_id}/reposts", options),
      );
    },
    ...byCursor,
  });
  return (
    <>
      <PageHeader title={title} back />
      <UserList query={query} label={title} empty={<EmptyState icon={icon} title={none} />} />
    </>
  );
}

export function QuotesPage({ postId }: { postId: string }) {
  usePageTitle("Quotes");
  const query = useInfiniteQuery({
    queryKey: postKeys.quotes(postId),
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        api.GET("/v1/posts/{post_id}/quotes", {
          params: { path: { post_id: postId }, query: pageQuery(pageParam) },
          signal,
        }),
      ),
    ...byCursor,
  });
  const empty = <EmptyState icon={Quote} title="Nobody has quoted this post yet" />;
  return (
    <>
      <PageHeader title="Quotes" back />
      <PostFeed name={`quotes:${postId}`} label="Quotes" query={query} empty={empty} />
    </>
  );
}
