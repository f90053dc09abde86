import { useInfiniteQuery } from "@tanstack/react-query";
import { Bookmark } from "lucide-react";
import { api, unwrap } from "@/api/client";
import { byCursor, pageQuery } from "@/api/pages";
import { postKeys } from "@/domain/posts/cache";
import { PostFeed } from "@/domain/posts/components/post-feed";
import { usePageTitle } from "@/domain/use-page-title";
import { PageHeader } from "@/ui/page-header";
import { EmptyState } from "@/ui/states";

function useBookmarks() {
  return useInfiniteQuery({
    queryKey: postKeys.bookmarks,
    queryFn: ({ pageParam, signal }) =>
      unwrap(api.GET("/v1/users/me/bookmarks", { params: { query: pageQuery(pageParam) }, signal })),
    ...byCursor,
  });
}

export function BookmarksPage() {
  usePageTitle("Bookmarks");
  const empty = (
    <EmptyState
      icon={Bookmark}
      title="Nothing kept yet"
      text="Bookmark a post to find it here again. Only you see this page."
    />
  );
  return (
    <>
      <PageHeader title="Bookmarks" />
      <PostFeed name="bookmarks" label="Bookmarks" query={useBookmarks()} empty={empty} />
    </>
  );
}
