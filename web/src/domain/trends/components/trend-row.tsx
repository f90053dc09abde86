import { Link } from "@tanstack/react-router";
import { Hash, Link2, MessageCircle } from "lucide-react";
import type { Trend } from "@/api/types";
import { compactNumber, plural } from "@/lib/numbers";
import { TimeAgo } from "@/ui/time-ago";
import { queryOfTrend, titleOfTrend } from "../use-trends";
import { Sparkline } from "./sparkline";

const kinds = {
  hashtag: { icon: Hash, text: "Hashtag" },
  link: { icon: Link2, text: "Link" },
  phrase: { icon: MessageCircle, text: "Phrase" },
};

/** `brief`: for the column beside the feed. */
export function TrendRow({ trend, brief = false }: { trend: Trend; brief?: boolean }) {
  const { icon: Icon, text } = kinds[trend.kind];
  return (
    <Link
      to="/explore"
      search={{ q: queryOfTrend(trend) }}
      className="flex items-center gap-3 px-4 py-2.5 transition-colors hover:bg-hover focus-visible:-outline-offset-2"
    >
      <span className="min-w-0 flex-1 leading-snug">
        {!brief && (
          <span className="flex items-center gap-1.5 text-[13px] text-muted">
            <Icon className="size-3.5" aria-hidden="true" />
            {text} · since <TimeAgo iso={trend.since} />
          </span>
        )}
        <bdi className="block truncate text-[15.5px] font-bold">{titleOfTrend(trend)}</bdi>
        <span className="block text-[13.5px] text-muted">{trend.explanation}</span>
        {!brief && (
          <span className="block text-[13.5px] text-muted">
            {compactNumber(trend.posts_count)} {plural(trend.posts_count, "post")}
          </span>
        )}
      </span>
      <Sparkline series={trend.series} />
    </Link>
  );
}
