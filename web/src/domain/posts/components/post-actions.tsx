import type { LucideIcon } from "lucide-react";
import { Bookmark, Heart, Link2, MessageCircle, PenLine, Repeat2 } from "lucide-react";
import type { ButtonHTMLAttributes, Ref } from "react";
import type { Post } from "@/api/types";
import { compose, requireSignIn } from "@/domain/composing";
import { cx } from "@/lib/cx";
import { compactNumber, fullNumber, plural } from "@/lib/numbers";
import { Menu, MenuItem } from "@/ui/menu";
import { copyLink } from "../share";
import type { usePostToggles } from "../use-post-toggles";

type Tone = "accent" | "repost" | "like" | "bookmark";

const hover: Record<Tone, string> = {
  accent: "hover:text-accent hover:[&_i]:bg-accent/12",
  repost: "hover:text-repost hover:[&_i]:bg-repost/12",
  like: "hover:text-like hover:[&_i]:bg-like/12",
  bookmark: "hover:text-bookmark hover:[&_i]:bg-bookmark/12",
};
const lit: Record<Tone, string> = {
  accent: "text-accent",
  repost: "text-repost",
  like: "text-like",
  bookmark: "text-bookmark",
};

interface ActionProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: LucideIcon;
  tone: Tone;
  on?: boolean;
  count?: number;
  filled?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

function Action({ icon: Icon, tone, on = false, count, filled, ...button }: ActionProps) {
  return (
    <button
      type="button"
      {...button}
      className={cx(
        "-m-2 flex items-center rounded-full p-2 text-[13px] tabular-nums transition-colors",
        hover[tone],
        on ? lit[tone] : "text-muted",
      )}
    >
      <i className="-m-2 grid size-9 place-items-center rounded-full transition-colors">
        <Icon
          className={cx("size-4.5", on && filled && "animate-pop fill-current")}
          strokeWidth={on && !filled ? 2.4 : 1.9}
          aria-hidden="true"
        />
      </i>
      {count !== undefined && (
        <span className="ml-2.5 min-w-5 text-left" aria-hidden="true">
          {count > 0 ? compactNumber(count) : ""}
        </span>
      )}
    </button>
  );
}

const counted = (verb: string, count: number, noun: string, many?: string) =>
  `${verb}. ${fullNumber(count)} ${plural(count, noun, many)}`;

interface PostActionsProps {
  post: Post;
  toggles: ReturnType<typeof usePostToggles>;
}

/** The row under a post. Counters are part of the buttons' names. */
export function PostActions({ post, toggles }: PostActionsProps) {
  const { viewer } = post;
  const reposted = Boolean(viewer?.reposted);
  const shares = post.reposts_count + post.quotes_count;
  return (
    <div className="mt-2.5 flex max-w-110 items-center justify-between">
      <Action
        icon={MessageCircle}
        tone="accent"
        count={post.replies_count}
        aria-label={counted("Reply", post.replies_count, "reply", "replies")}
        onClick={() => compose({ mode: "reply", post })}
      />
      <Menu
        align="start"
        trigger={
          <Action
            icon={Repeat2}
            tone="repost"
            on={reposted}
            count={shares}
            aria-label={counted(reposted ? "Reposted" : "Repost", shares, "repost")}
          />
        }
      >
        <MenuItem icon={Repeat2} onSelect={() => requireSignIn(toggles.repost)}>
          {reposted ? "Undo repost" : "Repost"}
        </MenuItem>
        <MenuItem icon={PenLine} onSelect={() => compose({ mode: "quote", post })}>
          Quote
        </MenuItem>
      </Menu>
      <Action
        icon={Heart}
        tone="like"
        filled
        on={Boolean(viewer?.liked)}
        count={post.likes_count}
        aria-pressed={Boolean(viewer?.liked)}
        aria-label={counted("Like", post.likes_count, "like")}
        onClick={() => requireSignIn(toggles.like)}
      />
      <Action
        icon={Bookmark}
        tone="bookmark"
        filled
        on={Boolean(viewer?.bookmarked)}
        aria-pressed={Boolean(viewer?.bookmarked)}
        aria-label="Bookmark"
        onClick={() => requireSignIn(toggles.bookmark)}
      />
      <Action icon={Link2} tone="accent" aria-label="Copy link" onClick={() => void copyLink(post)} />
    </div>
  );
}
