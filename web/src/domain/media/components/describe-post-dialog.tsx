import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Post } from "@/api/types";
import { postKeys } from "@/domain/posts/cache";
import { useStore } from "@/lib/store";
import { describablesOf, describedPost, describing } from "../described-post";
import { refreshMedia } from "../refresh";
import DescriptionDialog from "./description-dialog";

export default function DescribePostDialog() {
  const described = useStore(describedPost);
  return described && <Opened {...described} />;
}

function Opened({ post, mediaId }: { post: Post; mediaId: string }) {
  const client = useQueryClient();
  // As it is by now: it may have been described elsewhere, and addresses expire.
  const { data } = useQuery({
    queryKey: postKeys.one(post.id),
    queryFn: async () => (await refreshMedia(client, post.id)) ?? post,
    initialData: post,
    staleTime: 0,
    gcTime: 0,
  });
  const items = describablesOf(data);
  if (items.length === 0) return null;
  return (
    <DescriptionDialog
      items={items}
      start={mediaId}
      acts={describing(client, post.id)}
      onClose={() => describedPost.set(null)}
      focusAfter={() => document.querySelector<HTMLElement>(`article [data-alt-of="${mediaId}"]`)}
    />
  );
}
