import { Link, useNavigate } from "@tanstack/react-router";
import { Repeat2 } from "lucide-react";
import { type KeyboardEvent, type MouseEvent, memo, type ReactNode, useId } from "react";
import type { Post, TimelineItem, UserBrief } from "@/api/types";
import { compose, requireSignIn } from "@/domain/composing";
import { PostMedia } from "@/domain/media/components/post-media";
import { UserLink } from "@/domain/users/components/user-names";
import { cx } from "@/lib/cx";
import { fullTime } from "@/lib/time";
import { Avatar } from "@/ui/avatar";
import { TimeAgo } from "@/ui/time-ago";
import { usePostToggles } from "../use-post-toggles";
import { LinkCardView, showsCard } from "./link-card";
import { PostActions } from "./post-actions";
import { PostMenu } from "./post-menu";
import { QuotedCard } from "./quoted-card";
import { RichText } from "./rich-text";

export interface PostCardProps {
  post: Post | TimelineItem;
  /** Lines that join the posts of a conversation. */
  lineAbove?: boolean;
  lineBelow?: boolean;
  /** In a thread the answered post stands right above. */
  hideReplyContext?: boolean;
  /** 1-based place in the feed. */
  position?: number;
  /** Above the post: why it is here. */
  note?: ReactNode;
  /** More items of the post's menu. */
  menuItems?: ReactNode;
  onDeleted?: () => void;
}

const hasRepost = (post: Post | TimelineItem): post is TimelineItem & { reposted_by: UserBrief } =>
  "reposted_by" in post && post.reposted_by !== null;

/** True when a click was meant for something inside the card, or selected text. */
function meantForChild(event: MouseEvent<HTMLElement>): boolean {
  const target = event.target as HTMLElement;
  if (!event.currentTarget.contains(target)) return true;
  return (
    target.closest("a, button, video, [role=menu], [role=dialog]") !== null ||
    Boolean(getSelection()?.toString())
  );
}

/** Keys that act on the focused post. Modifiers belong to the browser. */
function usePostKeys(post: Post, open: () => void, toggles: ReturnType<typeof usePostToggles>) {
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    if (!event.currentTarget.contains(target) || target.closest("[role=menu], [role=dialog]")) return;
    const acts: Record<string, () => void> = {
      l: () => requireSignIn(toggles.like),
      t: () => requireSignIn(toggles.repost),
      b: () => requireSignIn(toggles.bookmark),
      r: () => compose({ mode: "reply", post }),
      q: () => compose({ mode: "quote", post }),
      ...(target === event.currentTarget && { Enter: open }),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
}

export const PostCard = memo(function PostCard(props: PostCardProps) {
  const { post, lineAbove, lineBelow, hideReplyContext, position, note, menuItems, onDeleted } = props;
  const { author } = post;
  const nameId = useId();
  const textId = useId();
  const navigate = useNavigate();
  const toggles = usePostToggles(post);
  const params = { username: author.username, postId: post.id };
  const open = () => void navigate({ to: "/@{$username}/posts/$postId", params });
  return (
    <article
      data-post={post.id}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: posts of a feed take the focus (ARIA feed pattern)
      tabIndex={0}
      aria-labelledby={`${nameId} ${textId}`}
      aria-posinset={position}
      aria-setsize={position === undefined ? undefined : -1}
      onClick={(event) => !meantForChild(event) && open()}
      onKeyDown={usePostKeys(post, open, toggles)}
      className={cx(
        "relative cursor-pointer px-4 pt-3 pb-3 transition-colors hover:bg-hover/70",
        "focus-visible:bg-hover/70 focus-visible:-outline-offset-2",
        !lineBelow && "border-b border-line",
      )}
    >
      {hasRepost(post) && <RepostLine by={post.reposted_by} />}
      {note}
      <div className="flex gap-3">
        <div className="relative flex flex-col items-center">
          {lineAbove && <span className="absolute -top-3 h-2 w-0.5 bg-line-strong" />}
          <Link to="/@{$username}" params={{ username: author.username }} tabIndex={-1} aria-hidden="true">
            <Avatar user={author} />
          </Link>
          {lineBelow && <span className="mt-1 -mb-3 w-0.5 flex-1 bg-line-strong" />}
        </div>
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-1.5 text-[15px]" id={nameId}>
            <UserLink user={author} className="flex" />
            <span className="min-w-0 truncate text-muted">@{author.username}</span>
            <span className="text-muted" aria-hidden="true">
              ·
            </span>
            <Link
              to="/@{$username}/posts/$postId"
              params={params}
              className="shrink-0 text-muted underline-offset-2 hover:underline"
            >
              <TimeAgo iso={post.created_at} />
            </Link>
            {post.edited_at && (
              <span className="shrink-0 text-muted" title={`Edited ${fullTime(post.edited_at)}`}>
                · edited
              </span>
            )}
            <span className="ml-auto shrink-0">
              <PostMenu post={post} items={menuItems} onDeleted={onDeleted} />
            </span>
          </div>
          {!hideReplyContext && post.reply_to_author && <ReplyContext to={post.reply_to_author} />}
          <div id={textId}>
            <RichText
              content={post.content}
              entities={post.entities}
              className="text-[15.5px] leading-[1.42]"
            />
          </div>
          <PostMedia post={post} />
          {showsCard(post) && <LinkCardView card={post.card} />}
          {post.quote_of && <QuotedCard quote={post.quote_of} />}
          <PostActions post={post} toggles={toggles} />
        </div>
      </div>
    </article>
  );
});

function RepostLine({ by }: { by: UserBrief }) {
  return (
    <p className="mb-1 flex items-center gap-3 text-[13px] font-semibold text-muted">
      <span className="flex w-11 justify-end">
        <Repeat2 className="size-4" aria-hidden="true" />
      </span>
      <Link to="/@{$username}" params={{ username: by.username }} className="truncate hover:underline">
        <bdi>{by.display_name || by.username}</bdi> reposted
      </Link>
    </p>
  );
}

function ReplyContext({ to }: { to: UserBrief }) {
  return (
    <p className="text-[14.5px] text-muted">
      Replying to{" "}
      <Link
        to="/@{$username}"
        params={{ username: to.username }}
        className="text-accent underline underline-offset-2 hover:no-underline"
      >
        @{to.username}
      </Link>
    </p>
  );
}
