import { Link } from "@tanstack/react-router";
import type { Post, QuotedPost } from "@/api/types";
import { PostMedia } from "@/domain/media/components/post-media";
import { DisplayName } from "@/domain/users/components/user-names";
import { Avatar } from "@/ui/avatar";
import { TimeAgo } from "@/ui/time-ago";
import { RichText } from "./rich-text";

const frame = "mt-2.5 block rounded-2xl border border-line px-3.5 py-3 text-[14.5px]";

/** The post inside a quote, or a word on why it is not there. */
export function QuotedCard({ quote }: { quote: QuotedPost }) {
  if (quote.post) return <QuotedPostCard post={quote.post} />;
  const text = quote.unavailable === "deleted" ? "This post was deleted." : "You cannot see this post.";
  return <p className={`${frame} bg-surface text-muted`}>{text}</p>;
}

/** One link as a whole, so nothing inside it is a link of its own. */
export function QuotedPostCard({ post, still }: { post: Post; still?: boolean }) {
  const content = (
    <>
      <span className="flex items-center gap-1.5">
        <Avatar user={post.author} className="size-5 text-[10px]" />
        <DisplayName user={post.author} />
        <span className="truncate text-muted">@{post.author.username}</span>
        <span className="text-muted" aria-hidden="true">
          ·
        </span>
        <span className="shrink-0 text-muted">
          <TimeAgo iso={post.created_at} />
        </span>
      </span>
      <RichText content={post.content} entities={post.entities} plain className="mt-1 line-clamp-6" />
      <PostMedia post={post} still />
    </>
  );
  if (still) return <div className={frame}>{content}</div>;
  return (
    <Link
      to="/@{$username}/posts/$postId"
      params={{ username: post.author.username, postId: post.id }}
      className={`${frame} transition-colors hover:bg-hover`}
    >
      {content}
    </Link>
  );
}
