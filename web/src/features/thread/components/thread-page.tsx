import { useCanGoBack, useNavigate, useRouter } from "@tanstack/react-router";
import { EyeOff } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef } from "react";
import { isApiError } from "@/api/problem";
import type { Post } from "@/api/types";
import { inWords } from "@/domain/media/words";
import { PostCard } from "@/domain/posts/components/post-card";
import { PostSkeletons } from "@/domain/posts/components/post-skeletons";
import { usePageTitle } from "@/domain/use-page-title";
import { LoadMore } from "@/ui/load-more";
import { PageHeader } from "@/ui/page-header";
import { EmptyState, ErrorState } from "@/ui/states";
import { useKnownPost, useThread } from "../api/use-thread";
import { FocusedPost } from "./focused-post";
import { SimilarPosts } from "./similar-posts";

interface ThreadPageProps {
  postId: string;
  /** The reply field under the post. */
  replyField: (post: Post) => ReactNode;
}

const titleOf = (post: Post | undefined) =>
  post && `${post.author.display_name || post.author.username}: “${inWords(post)}”`;

export function ThreadPage({ postId, replyField }: ThreadPageProps) {
  const query = useThread(postId);
  const known = useKnownPost(postId);
  const first = query.data?.pages[0];
  const post = first?.post ?? known;
  usePageTitle(query.isError && !first ? "Post not found" : titleOf(post)?.slice(0, 80));
  return (
    <>
      <PageHeader title="Post" back />
      {!post && query.isPending && <PostSkeletons count={3} />}
      {query.isError && !first && <ThreadError error={query.error} onRetry={() => void query.refetch()} />}
      {post && !(query.isError && !first) && (
        <Conversation
          key={postId}
          post={post}
          ancestors={first?.ancestors ?? []}
          loaded={first !== undefined}
        >
          {replyField(post)}
        </Conversation>
      )}
      {first && query.data && (
        <section aria-label="Replies">
          {query.data.pages
            .flatMap((page) => page.replies)
            .map((reply) => (
              <PostCard key={reply.id} post={reply} hideReplyContext />
            ))}
          <LoadMore query={query} />
        </section>
      )}
      {first && !query.hasNextPage && <SimilarPosts key={`similar:${postId}`} postId={postId} />}
      {post && query.isPending && <PostSkeletons count={2} />}
      {/* Leaves room to scroll the focused post to the top, whatever stands below. */}
      <div className="h-[50vh]" />
    </>
  );
}

interface ConversationProps {
  post: Post;
  ancestors: Post[];
  loaded: boolean;
  children: ReactNode;
}

/** The way to the post and the post itself, which stays in view when what it answers appears above it. */
function Conversation({ post, ancestors, loaded, children }: ConversationProps) {
  const focused = useRef<HTMLDivElement>(null);
  const leave = useLeave();
  const count = ancestors.length;
  const shown = useRef(0);

  useLayoutEffect(() => {
    if (loaded && count > shown.current) focused.current?.scrollIntoView({ block: "start" });
    shown.current = count;
  }, [loaded, count]);

  return (
    <>
      {ancestors.map((ancestor, index) => (
        <PostCard
          key={ancestor.id}
          post={ancestor}
          lineAbove={index > 0}
          lineBelow
          hideReplyContext={index > 0}
        />
      ))}
      <div ref={focused} className="scroll-mt-14">
        <FocusedPost
          post={post}
          lineAbove={count > 0}
          answersUnknown={loaded && count === 0}
          onDeleted={leave}
        />
        {children}
      </div>
    </>
  );
}

function useLeave() {
  const router = useRouter();
  const navigate = useNavigate();
  const canGoBack = useCanGoBack();
  return () => (canGoBack ? router.history.back() : void navigate({ to: "/" }));
}

function ThreadError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (!isApiError(error, 403, 404, 410, 400)) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <EmptyState
      icon={EyeOff}
      title="This post is not here"
      text="It may have been deleted, or only its author's followers can see it."
    />
  );
}
