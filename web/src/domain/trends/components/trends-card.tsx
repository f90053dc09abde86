import { Link } from "@tanstack/react-router";
import { useTrends } from "../use-trends";
import { TrendRow } from "./trend-row";

const mostShown = 5;

/** The strongest trends of the day, for the column beside the feed; nothing where nothing is trending. */
export function TrendsCard() {
  const trends = useTrends("24h").data?.data ?? [];
  if (trends.length === 0) return null;
  return (
    <section aria-labelledby="trends-card" className="overflow-hidden rounded-2xl border border-line pt-3">
      <h2 id="trends-card" className="px-4 pb-1 text-[17px] font-bold">
        Trending
      </h2>
      <ul>
        {trends.slice(0, mostShown).map((trend) => (
          <li key={`${trend.kind}:${trend.name}`}>
            <TrendRow trend={trend} brief />
          </li>
        ))}
      </ul>
      <Link
        to="/explore"
        aria-label="Show more trends"
        className="block px-4 py-3 text-[14.5px] text-accent hover:bg-hover focus-visible:-outline-offset-2"
      >
        Show more
      </Link>
    </section>
  );
}
