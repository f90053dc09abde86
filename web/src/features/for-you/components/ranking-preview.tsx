import { ArrowDown, ArrowUp } from "lucide-react";
import { useRef } from "react";
import type { RankedItem } from "@/api/types";
import { cx } from "@/lib/cx";
import { Avatar } from "@/ui/avatar";
import { previewed, usePreview } from "../api/use-preview";
import { type Move, movesBetween } from "../moves";
import { reasonOf } from "../words";

/** The moves that the latest ranking brought against the one before it. */
function useMoves(items: RankedItem[] | undefined): Map<string, Move> {
  const kept = useRef<{ items?: RankedItem[]; order: string[] | null; moves: Map<string, Move> }>({
    order: null,
    moves: new Map(),
  });
  if (items && kept.current.items !== items) {
    const order = items.map(({ id }) => id);
    kept.current = { items, order, moves: movesBetween(kept.current.order, order) };
  }
  return kept.current.moves;
}

/** What stands on top by the weights as they are, and how it moved; stays in view beside the sliders. */
export function RankingPreview() {
  const query = usePreview();
  const items = query.data?.data;
  const moves = useMoves(items);
  if (query.isError || items?.length === 0) return null;
  return (
    <section
      aria-label="On top now"
      aria-busy={query.isFetching}
      className="sticky top-14 z-10 border-b border-line bg-surface/95 backdrop-blur-md"
    >
      <h2 className="px-4 pt-2.5 text-[13px] font-semibold text-muted">On top by these weights</h2>
      <ol className={cx("pt-1 pb-2 transition-opacity", query.isFetching && items && "opacity-60")}>
        {items
          ? items
              .slice(0, previewed)
              .map((item) => <Row key={item.id} item={item} move={moves.get(item.id) ?? 0} />)
          : Array.from({ length: previewed }, (_, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
              <li key={row} className="px-4 py-1.5">
                <span className="skeleton block h-8 w-full" />
              </li>
            ))}
      </ol>
    </section>
  );
}

function Row({ item, move }: { item: RankedItem; move: Move }) {
  return (
    <li className="flex items-center gap-3 px-4 py-1.5">
      <Avatar user={item.author} className="size-8 text-sm" />
      <div className="min-w-0 flex-1 leading-tight">
        <p className="truncate text-[14px]">
          <bdi className="font-semibold">{item.author.display_name || item.author.username}</bdi>{" "}
          <bdi>{item.content}</bdi>
        </p>
        <p className="truncate text-[12.5px] text-muted">{reasonOf(item)}</p>
      </div>
      <MoveMark move={move} />
    </li>
  );
}

function MoveMark({ move }: { move: Move }) {
  if (move === 0) return null;
  if (move === "new") return <span className="text-[12.5px] font-semibold text-accent">new</span>;
  const Icon = move > 0 ? ArrowUp : ArrowDown;
  return (
    <span
      className={cx(
        "flex items-center text-[12.5px] font-semibold tabular-nums",
        move > 0 ? "text-repost" : "text-muted",
      )}
    >
      <Icon className="size-3.5" aria-hidden="true" />
      <span className="sr-only">{move > 0 ? "up by" : "down by"}</span>
      {Math.abs(move)}
    </span>
  );
}
