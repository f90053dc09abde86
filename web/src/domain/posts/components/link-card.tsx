import { Link2 } from "lucide-react";
import type { LinkCard, Post } from "@/api/types";
import { safeHref } from "@/lib/entities";

const frame = "mt-2.5 block rounded-2xl border border-line px-3.5 py-3 text-[14.5px]";

/** Beside media or a quote a card would be one thing too many. */
export const showsCard = (post: Post): post is Post & { card: LinkCard } =>
  post.card !== null && post.media.length === 0 && post.quote_of === null;

/** What the first link of a post leads to, as that page describes itself; the host is the one that answered. */
export function LinkCardView({ card }: { card: LinkCard }) {
  const href = safeHref(card.url);
  const content = (
    <>
      <span className="flex items-center gap-1.5 text-[13.5px] text-muted">
        <Link2 className="size-4 shrink-0" aria-hidden="true" />
        <span className="truncate">{card.host}</span>
      </span>
      <span dir="auto" className="mt-0.5 line-clamp-2 font-semibold">
        {card.title}
      </span>
      {card.description && (
        <span dir="auto" className="mt-0.5 line-clamp-2 text-muted">
          {card.description}
        </span>
      )}
    </>
  );
  if (!href) return <span className={frame}>{content}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener nofollow ugc"
      className={`${frame} transition-colors hover:bg-hover`}
    >
      {content}
    </a>
  );
}
