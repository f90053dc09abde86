import { Link } from "@tanstack/react-router";
import { type ReactNode, Suspense, useState } from "react";
import type { Post } from "@/api/types";
import { PostMedia } from "@/domain/media/components/post-media";
import { LinkCardView, showsCard } from "@/domain/posts/components/link-card";
import { PostActions } from "@/domain/posts/components/post-actions";
import { PostMenu } from "@/domain/posts/components/post-menu";
import { QuotedCard } from "@/domain/posts/components/quoted-card";
import { RichText } from "@/domain/posts/components/rich-text";
import { usePostToggles } from "@/domain/posts/use-post-toggles";
import { DisplayName } from "@/domain/users/components/user-names";
import { lazy } from "@/lib/lazy";
import { fullNumber, plural } from "@/lib/numbers";
import { fullTime, shortTime } from "@/lib/time";
import { Avatar } from "@/ui/avatar";

const HistoryDialog = lazy(() => import("@/domain/posts/components/history-dialog"));

interface FocusedPostProps {
  post: Post;
  lineAbove: boolean;
  /** It answers a post that this reader cannot see. */
  answersUnknown: boolean;
  onDeleted: () => void;
}

/** The post that the page is about: larger, with its full time and its numbers. */
export function FocusedPost({ post, lineAbove, answersUnknown, onDeleted }: FocusedPostProps) {
  const { author } = post;
  const toggles = usePostToggles(post);
  return (
    <article
      data-post={post.id}
      aria-label={`Post by ${author.display_name || author.username}`}
      className="relative px-4 pt-3"
    >
      {lineAbove && <span className="absolute top-0 left-9.5 h-2 w-0.5 -translate-x-1/2 bg-line-strong" />}
      <div className="flex items-center gap-3">
        <Avatar user={author} />
        <Link
          to="/@{$username}"
          params={{ username: author.username }}
          className="min-w-0 flex-1 leading-tight"
        >
          <DisplayName user={author} className="text-[16px] hover:underline" />
          <span className="text-[15px] text-muted">@{author.username}</span>
        </Link>
        <PostMenu post={post} onDeleted={onDeleted} />
      </div>
      {answersUnknown && post.reply_to_id && (
        <p className="mt-3 rounded-xl bg-surface px-3.5 py-2 text-[14.5px] text-muted">
          {post.reply_to_author ? (
            <>
              A reply to{" "}
              <Link
                to="/@{$username}"
                params={{ username: post.reply_to_author.username }}
                className="text-accent underline underline-offset-2 hover:no-underline"
              >
                @{post.reply_to_author.username}
              </Link>
            </>
          ) : (
            "A reply to a post that is not here any more"
          )}
        </p>
      )}
      {post.content && (
        <RichText
          content={post.content}
          entities={post.entities}
          className="mt-3 text-[19px] leading-[1.4]"
        />
      )}
      <PostMedia post={post} />
      {showsCard(post) && <LinkCardView card={post.card} />}
      {post.quote_of && <QuotedCard quote={post.quote_of} />}
      <p className="mt-3.5 text-[15px] text-muted">
        <time dateTime={post.created_at} title={fullTime(post.created_at)}>
          {shortTime(post.created_at)}
        </time>
        {post.edited_at && <Edited post={post} />}
      </p>
      <Numbers post={post} />
      <div className="mt-3 border-y border-line pb-3">
        <PostActions post={post} toggles={toggles} />
      </div>
    </article>
  );
}

function Edited({ post }: { post: Post }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {" · "}
      <button type="button" className="underline-offset-2 hover:underline" onClick={() => setOpen(true)}>
        Edited {post.edited_at && shortTime(post.edited_at)}
      </button>
      <Suspense>{open && <HistoryDialog postId={post.id} onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}

function Numbers({ post }: { post: Post }) {
  const { reposts_count: reposts, quotes_count: quotes, likes_count: likes } = post;
  if (reposts + quotes + likes === 0) return null;
  const params = { username: post.author.username, postId: post.id };
  return (
    <p className="mt-3.5 flex flex-wrap gap-x-5 border-t border-line pt-3.5 text-[15px] text-muted">
      {reposts > 0 && (
        <Link to="/@{$username}/posts/$postId/reposts" params={params} className="hover:underline">
          <Strong>{fullNumber(reposts)}</Strong> {plural(reposts, "Repost")}
        </Link>
      )}
      {quotes > 0 && (
        <Link to="/@{$username}/posts/$postId/quotes" params={params} className="hover:underline">
          <Strong>{fullNumber(quotes)}</Strong> {plural(quotes, "Quote")}
        </Link>
      )}
      {likes > 0 && (
        <Link to="/@{$username}/posts/$postId/likes" params={params} className="hover:underline">
          <Strong>{fullNumber(likes)}</Strong> {plural(likes, "Like")}
        </Link>
      )}
    </p>
  );
}

const Strong = ({ children }: { children: ReactNode }) => <strong className="text-text">{children}</strong>;
