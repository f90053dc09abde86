import { Link, useNavigate } from "@tanstack/react-router";
import {
  AtSign,
  Heart,
  type LucideIcon,
  MessageCircle,
  Quote,
  Repeat2,
  UserCheck,
  UserPlus,
} from "lucide-react";
import type { Notification, Post, UserBrief } from "@/api/types";
import { inWords } from "@/domain/media/words";
import { PostCard } from "@/domain/posts/components/post-card";
import { RichText } from "@/domain/posts/components/rich-text";
import { nameOf } from "@/domain/users/via-text";
import { cx } from "@/lib/cx";
import { compactNumber, plural } from "@/lib/numbers";
import { Avatar } from "@/ui/avatar";
import { TimeAgo } from "@/ui/time-ago";

type Said = "mention" | "reply" | "quote";
type Grouped = Exclude<Notification["type"], Said>;

const kinds: Record<Grouped, { icon: LucideIcon; tone: string; text: string }> = {
  follow: { icon: UserPlus, tone: "text-accent", text: "followed you" },
  follow_request: { icon: UserPlus, tone: "text-accent", text: "asked to follow you" },
  follow_accepted: { icon: UserCheck, tone: "text-repost", text: "accepted your request" },
  like: { icon: Heart, tone: "text-like", text: "liked your post" },
  repost: { icon: Repeat2, tone: "text-repost", text: "reposted your post" },
};

const said: Record<Said, { icon: LucideIcon; text: string }> = {
  mention: { icon: AtSign, text: "mentioned you" },
  reply: { icon: MessageCircle, text: "replied to you" },
  quote: { icon: Quote, text: "quoted you" },
};

/** Mentions, replies and quotes are posts to read and answer; everything else is a line about what happened. */
export function NotificationRow({ notification }: { notification: Notification }) {
  const { type, post, read } = notification;
  const unread = !read && "bg-accent-soft/45";
  if (post && (type === "mention" || type === "reply" || type === "quote")) {
    return (
      <div className={cx(unread)}>
        <PostCard
          post={post}
          note={<Said by={post.author} kind={said[type]} />}
          hideReplyContext={type === "reply"}
        />
      </div>
    );
  }
  if (type === "mention" || type === "reply" || type === "quote") return null;
  return <ActLine notification={notification} kind={kinds[type]} className={unread || ""} />;
}

/** Above a post: why it is a notification. */
function Said({ by, kind: { icon: Icon, text } }: { by: UserBrief; kind: (typeof said)[Said] }) {
  return (
    <p className="mb-1 flex items-center gap-3 text-[13px] font-semibold text-muted">
      <span className="flex w-11 justify-end">
        <Icon className="size-4 text-accent" aria-hidden="true" />
      </span>
      <span className="truncate">
        <bdi>{nameOf(by)}</bdi> {text}
      </span>
    </p>
  );
}

interface ActLineProps {
  notification: Notification;
  kind: (typeof kinds)[Grouped];
  className: string;
}

function ActLine({ notification, kind, className }: ActLineProps) {
  const { actors, count, post, created_at } = notification;
  const { icon: Icon, tone, text } = kind;
  const navigate = useNavigate();
  const target = useTarget(notification);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a convenience; the link inside does the same for the keyboard
    // biome-ignore lint/a11y/noStaticElementInteractions: as above
    <div
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest("a")) void navigate(target);
      }}
      className={cx(
        "flex cursor-pointer gap-3 border-b border-line px-4 py-3.5 transition-colors hover:bg-hover",
        className,
      )}
    >
      <span className={cx("flex w-11 shrink-0 justify-end pt-0.5", tone)}>
        <Icon
          className="size-7"
          strokeWidth={2}
          aria-hidden="true"
          fill={Icon === Heart ? "currentColor" : "none"}
        />
      </span>
      <div className="min-w-0 flex-1">
        <Faces actors={actors} />
        <p className="mt-2 text-[15.5px]">
          <Names actors={actors} count={count} />{" "}
          <Link {...target} className="underline-offset-2 hover:underline">
            {text}
          </Link>
          <span className="text-muted">
            {" · "}
            <TimeAgo iso={created_at} />
          </span>
        </p>
        {post && <Excerpt post={post} />}
      </div>
    </div>
  );
}

/** Where a notification leads: to the post, to the requests, or to the person. */
function useTarget({ type, post, actors }: Notification) {
  if (post) {
    const params = { username: post.author.username, postId: post.id };
    return { to: "/@{$username}/posts/$postId", params } as const;
  }
  if (type === "follow_request") return { to: "/requests" } as const;
  return { to: "/@{$username}", params: { username: actors[0]?.username ?? "" } } as const;
}

function Faces({ actors }: { actors: UserBrief[] }) {
  return (
    <span className="flex gap-1.5">
      {actors.map((actor) => (
        <Link
          key={actor.id}
          to="/@{$username}"
          params={{ username: actor.username }}
          tabIndex={-1}
          aria-hidden="true"
        >
          <Avatar user={actor} className="size-8 text-sm" />
        </Link>
      ))}
    </span>
  );
}

/** "Ana", "Ana and Ben", "Ana and 12 others". */
function Names({ actors, count }: { actors: UserBrief[]; count: number }) {
  const [first, second] = actors;
  if (!first) return <strong>Somebody</strong>;
  const others = count - 1;
  return (
    <>
      <Name user={first} />
      {others === 1 && second && (
        <>
          {" and "}
          <Name user={second} />
        </>
      )}
      {(others > 1 || (others === 1 && !second)) && (
        <>
          {" and "}
          <strong>
            {compactNumber(others)} {plural(others, "other")}
          </strong>
        </>
      )}
    </>
  );
}

function Name({ user }: { user: UserBrief }) {
  return (
    <Link
      to="/@{$username}"
      params={{ username: user.username }}
      className="font-bold underline-offset-2 hover:underline"
    >
      <bdi>{user.display_name || user.username}</bdi>
    </Link>
  );
}

const Excerpt = ({ post }: { post: Post }) => (
  <RichText
    content={inWords(post)}
    entities={post.entities}
    plain
    className="mt-1 line-clamp-3 text-[15px] text-muted"
  />
);
