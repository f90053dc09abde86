import { LockKeyhole } from "lucide-react";
import { memo, useMemo } from "react";
import { isApiError } from "@/api/problem";
import type { FoundPost } from "@/api/types";
import { requireSignIn } from "@/domain/composing";
import { PostCard } from "@/domain/posts/components/post-card";
import { type FeedCardProps, PostFeed } from "@/domain/posts/components/post-feed";
import { Highlights } from "@/domain/posts/highlights";
import type { usePostSearch } from "@/domain/search/use-searches";
import { Button } from "@/ui/button";
import { EmptyState } from "@/ui/states";
import { NothingFound } from "./nothing-found";

interface FoundPostsProps {
  query: string;
  order: string;
  posts: ReturnType<typeof usePostSearch>;
}

export function FoundPosts({ query, order, posts }: FoundPostsProps) {
  if (isApiError(posts.error, 401)) return <MembersOnly />;
  return (
    <PostFeed
      name={`search:${order}:${query}`}
      label={`Posts found for ${query}`}
      query={posts}
      empty={<NothingFound query={query} />}
      card={FoundCard}
    />
  );
}

/** A post with what was looked for standing out in it. */
const FoundCard = memo(function FoundCard({ post, position }: FeedCardProps<FoundPost>) {
  const { content, highlights } = post;
  const marks = useMemo(() => ({ content, ranges: highlights }), [content, highlights]);
  return (
    <Highlights value={marks}>
      <PostCard post={post} position={position} />
    </Highlights>
  );
});

function MembersOnly() {
  return (
    <EmptyState
      icon={LockKeyhole}
      title="This search needs to know you"
      text="To search among the people you follow, sign in first."
    >
      <Button onClick={() => requireSignIn(() => undefined)}>Sign in</Button>
    </EmptyState>
  );
}
