import { Link } from "@tanstack/react-router";
import { RotateCw, SlidersHorizontal, Sparkles, X } from "lucide-react";
import type { ReactNode } from "react";
import { PostFeed } from "@/domain/posts/components/post-feed";
import { useMe } from "@/domain/users/cache";
import { cx } from "@/lib/cx";
import { useRemembered } from "@/lib/use-remembered";
import { IconButton } from "@/ui/button";
import { EmptyState } from "@/ui/states";
import { TimeAgo } from "@/ui/time-ago";
import { useForYou, useRefreshForYou } from "../api/use-for-you";
import { RankedCard } from "./ranked-card";

/** The ranked timeline. `findPeople` is shown where there is nothing to rank. */
export function ForYou({ findPeople }: { findPeople: ReactNode }) {
  const query = useForYou();
  const empty = (
    <EmptyState
      icon={Sparkles}
      title="Nothing to rank yet"
      text="Follow people, like and answer what you enjoy: the best of it and of what is around it appears here."
    >
      {findPeople}
    </EmptyState>
  );
  return (
    <>
      <Introduction />
      <RankingBar freshAt={query.data?.pages[0]?.fresh_at} />
      <PostFeed name="for-you" label="For you" query={query} empty={empty} card={RankedCard} />
    </>
  );
}

/** Said once: that this list is ranked, and by whose rules. */
function Introduction() {
  const [state, setState] = useRemembered(
    `for-you-introduction.${useMe()?.id}`,
    ["new", "dismissed"] as const,
    "new",
  );
  if (state === "dismissed") return null;
  return (
    <div className="flex items-center gap-3 border-b border-line bg-accent-soft py-1.5 pr-2 pl-4 text-[14.5px]">
      <Sparkles className="size-4.5 shrink-0 text-accent" aria-hidden="true" />
      <p className="flex-1">
        For you is ranked, by weights that are yours.{" "}
        <Link
          to="/settings/ranking"
          className="font-semibold text-accent underline underline-offset-2 hover:no-underline"
        >
          Set them
        </Link>
      </p>
      <IconButton label="Dismiss" onClick={() => setState("dismissed")}>
        <X aria-hidden="true" />
      </IconButton>
    </div>
  );
}

/** When the list was ranked, and the way to a new ranking and to its rules. */
function RankingBar({ freshAt }: { freshAt: string | undefined }) {
  const refresh = useRefreshForYou();
  return (
    <div className="flex h-11 items-center gap-1 border-b border-line pr-2 pl-4 text-[13.5px] text-muted">
      <p role="status" className="flex-1">
        {refresh.isPending ? "Ranking anew …" : freshAt && <RankedAt iso={freshAt} />}
      </p>
      <Link
        to="/settings/ranking"
        aria-label="Tune your weights"
        title="Tune your weights"
        className="grid size-9 place-items-center rounded-full hover:bg-hover hover:text-text"
      >
        <SlidersHorizontal className="size-4.5" aria-hidden="true" />
      </Link>
      <IconButton label="Refresh" disabled={refresh.isPending} onClick={() => refresh.mutate()}>
        <RotateCw className={cx("size-4.5!", refresh.isPending && "animate-spin")} aria-hidden="true" />
      </IconButton>
    </div>
  );
}

/** The clock ticks in silence: only a new ranking is news to a screen reader. */
function RankedAt({ iso }: { iso: string }) {
  return (
    <>
      Ranked for you · <TimeAgo iso={iso} />
    </>
  );
}
