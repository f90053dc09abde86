import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useId, useRef } from "react";
import { messageOf } from "@/api/problem";
import type { RankedItem } from "@/api/types";
import { inWords } from "@/domain/media/words";
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

/** What stands on top by the weights as they are, and how it moved; stays in view beside the sliders. `status`: of saving. */
export function RankingPreview({ status }: { status: ReactNode }) {
  const titleId = useId();
  const query = usePreview();
  const items = query.data?.data;
  const moves = useMoves(items);
  return (
    <section
      aria-labelledby={titleId}
      aria-busy={query.isFetching}
      className="sticky top-14 z-10 border-b border-line bg-surface/95 backdrop-blur-md"
    >
      <div className="flex min-h-10 items-center gap-3 px-4">
        <h2 id={titleId} className="flex-1 text-[13px] font-semibold text-muted">
          On top by these weights
        </h2>
        {status}
      </div>
      <ol className="pb-2">
        {items?.slice(0, previewed).map((item) => (
          <Row key={item.id} item={item} move={moves.get(item.id) ?? 0} />
        ))}
        {query.isPending && <Placeholders />}
      </ol>
      {query.isError && <p className="px-4 pb-3 text-[14px] text-muted">{messageOf(query.error)}</p>}
      {items?.length === 0 && (
        <p className="px-4 pb-3 text-[14px] text-muted">Nothing to rank yet: follow a few people first.</p>
      )}
    </section>
  );
}

function Placeholders() {
  return Array.from({ length: previewed }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
    <li key={row} className="px-4 py-1.5">
      <span className="skeleton block h-8 w-full" />
    </li>
  ));
}

function Row({ item, move }: { item: RankedItem; move: Move }) {
  return (
    <li className="flex items-center gap-3 px-4 py-1.5">
      <Avatar user={item.author} className="size-8 text-sm" />
      <div className="min-w-0 flex-1 leading-tight">
        <p className="truncate text-[14px]">
          <bdi className="font-semibold">{item.author.display_name || item.author.username}</bdi>{" "}
          <bdi>{inWords(item)}</bdi>
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
