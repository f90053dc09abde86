import { Link } from "@tanstack/react-router";
import { Fragment, memo, type ReactNode, use } from "react";
import type { Entities } from "@/api/types";
import { cx } from "@/lib/cx";
import { type Segment, segmentContent } from "@/lib/entities";
import { Highlights } from "../highlights";

// Heavier than the words around it: colour alone would not tell it from them.
const linkClass = "font-medium text-accent underline-offset-2 hover:underline";

function Piece({ segment }: { segment: Segment }) {
  if (segment.kind === "mention") {
    return (
      <Link to="/@{$username}" params={{ username: segment.username }} className={linkClass}>
        {segment.text}
      </Link>
    );
  }
  if (segment.kind === "url") {
    return (
      <a
        href={segment.href}
        target="_blank"
        rel="noopener nofollow ugc"
        title={segment.href}
        className={linkClass}
      >
        {segment.text}
      </a>
    );
  }
  if (segment.kind === "hashtag") {
    return (
      <Link to="/hashtag/$tag" params={{ tag: segment.tag }} className={linkClass}>
        {segment.text}
      </Link>
    );
  }
  if (segment.kind === "cashtag") return <span className="text-accent">{segment.text}</span>;
  return <Fragment>{segment.text}</Fragment>;
}

/** What was searched for stands out by more than its colour. */
function Marked({ segment, children }: { segment: Segment; children: ReactNode }) {
  if (!segment.marked) return children;
  return <mark className="rounded-[3px] bg-highlight px-px font-medium text-inherit">{children}</mark>;
}

interface RichTextProps {
  content: string;
  entities: Entities;
  className?: string;
  /** Inside a card that is a link itself, links cannot be nested: the text is only coloured. */
  plain?: boolean;
}

/** A post's text with its mentions, tags and links, as the server found them. */
export const RichText = memo(function RichText({ content, entities, className, plain }: RichTextProps) {
  const highlighted = use(Highlights);
  const segments = segmentContent(
    content,
    entities,
    highlighted?.content === content ? highlighted.ranges : undefined,
  );
  return (
    <div dir="auto" className={cx("whitespace-pre-wrap", className)}>
      {segments.map((segment, index) =>
        plain ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
          <span key={index} className={segment.kind === "text" ? undefined : "text-accent"}>
            {segment.text}
          </span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
          <Marked key={index} segment={segment}>
            <Piece segment={segment} />
          </Marked>
        ),
      )}
    </div>
  );
});
