import { Link2 } from "lucide-react";
import type { CardImage, LinkCard, Post } from "@/api/types";
import { Picture } from "@/domain/media/components/picture";
import { cx } from "@/lib/cx";
import { safeHref } from "@/lib/entities";

const frame = "mt-2.5 flex overflow-hidden rounded-2xl border border-line text-[14.5px]";

/** Beside media or a quote a card would be one thing too many. */
export const showsCard = (post: Post): post is Post & { card: LinkCard } =>
  post.card !== null && post.media.length === 0 && post.quote_of === null;

/** Fit to stand across the card: not blurred there, and not an icon or a portrait of which little would be left. */
export const isWide = ({ width, height }: Pick<CardImage, "width" | "height">) =>
  width >= 480 && width / height >= 1.25;

/** What the first link of a post leads to, as that page describes itself; the host is the one that answered. */
export function LinkCardView({ card }: { card: LinkCard }) {
  const href = safeHref(card.url);
  const wide = card.image ? isWide(card.image) : true;
  const shape = cx(frame, wide && "flex-col");
  const content = (
    <>
      {card.image && <CardPicture image={card.image} wide={wide} />}
      <Words card={card} brief={!wide} />
    </>
  );
  if (!href) return <span className={shape}>{content}</span>;
  return (
    <a
      href={href}
      target="_blank"
      rel="noopener nofollow ugc"
      className={`${shape} transition-colors hover:bg-hover`}
    >
      {content}
    </a>
  );
}

/** A decoration, in a box whose size is known before it has loaded. White shines through where it is transparent. */
function CardPicture({ image, wide }: { image: CardImage; wide: boolean }) {
  const box = wide ? "aspect-[1.91] w-full border-b" : "min-h-28 w-28 shrink-0 border-e sm:min-h-32 sm:w-32";
  return (
    <span className={`relative block overflow-hidden border-line bg-white ${box}`}>
      <Picture media={image} alt="" sizes={wide ? "(min-width: 640px) 520px, 85vw" : "128px"} />
    </span>
  );
}

/** `brief`: beside a square, which is as high as they are; a phone has room for the title alone. */
function Words({ card, brief }: { card: LinkCard; brief: boolean }) {
  return (
    <span className={cx("min-w-0 px-3.5", brief ? "self-center py-2" : "py-3")}>
      <span className="flex items-center gap-1.5 text-[13.5px] text-muted">
        <Link2 className="size-4 shrink-0" aria-hidden="true" />
        <span className="truncate">{card.host}</span>
      </span>
      <span
        dir="auto"
        className={cx("mt-0.5 font-semibold", brief ? "line-clamp-3 sm:line-clamp-2" : "line-clamp-2")}
      >
        {card.title}
      </span>
      {card.description && (
        <span
          dir="auto"
          className={cx("mt-0.5 text-muted", brief ? "hidden sm:line-clamp-1" : "line-clamp-2")}
        >
          {card.description}
        </span>
      )}
    </span>
  );
}
