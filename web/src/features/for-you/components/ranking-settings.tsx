import { Check, RotateCcw } from "lucide-react";
import type { Ranking } from "@/api/types";
import type { SaveState } from "@/lib/patch-saver";
import { Button } from "@/ui/button";
import { Slider } from "@/ui/slider";
import { LoadingMore, Spinner } from "@/ui/spinner";
import { ErrorState } from "@/ui/states";
import { toast } from "@/ui/toaster";
import { useRanking, useRankingChanges } from "../api/use-ranking";
import { stopsWith } from "../half-life";
import { isDefault, keepPatch, type RankingPatch, resetPatch } from "../ranking-patch";
import { hoursText, weightText, weightWords } from "../words";
import { ForgetLess } from "./forget-less";
import { RankingPreview } from "./ranking-preview";

/** The weights of "For you": every change is saved by itself and shows its effect on top of the page. */
export function RankingSettings() {
  const query = useRanking();
  if (query.isPending) return <LoadingMore label="Loading your weights" />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <Weights ranking={query.data} />;
}

function Weights({ ranking }: { ranking: Ranking }) {
  const { change, state, tryAgain } = useRankingChanges();
  const reset = () => {
    const before = keepPatch(ranking);
    change(resetPatch(ranking));
    toast.info("All weights are at their defaults", { label: "Undo", run: () => change(before) });
  };
  return (
    <>
      <RankingPreview status={<Saved state={state} onTryAgain={tryAgain} />} />
      <div className="space-y-7 p-4">
        <p className="text-[15px] text-muted text-pretty">
          These weights decide in which order “For you” shows posts, and nothing else does. “Following” is
          always newest first.
        </p>
        {weightWords
          .filter(({ name }) => name in ranking.weights)
          .map((words) => (
            <Weight key={words.name} words={words} ranking={ranking} change={change} />
          ))}
        <HalfLife ranking={ranking} change={change} />
        <Button variant="secondary" disabled={isDefault(ranking)} onClick={reset}>
          <RotateCcw className="size-4" aria-hidden="true" /> Reset all
        </Button>
        <ForgetLess less={ranking.less} />
      </div>
    </>
  );
}

interface ControlProps {
  ranking: Ranking;
  change: (patch: RankingPatch) => void;
}

const step = 0.05;

function Weight({ words, ranking, change }: ControlProps & { words: (typeof weightWords)[number] }) {
  const { name, label, hint } = words;
  const value = ranking.weights[name] ?? 0;
  const byDefault = ranking.defaults[name] ?? 0;
  const { min = 0, max = 3 } = ranking.bounds[name] ?? {};
  const set = (next: number | null) => change({ weights: { [name]: next } });
  return (
    <Slider
      label={label}
      hint={hint}
      min={min}
      max={max}
      step={step}
      value={value}
      valueText={weightText(value, byDefault)}
      // Steps of a twentieth are not exact in binary; what is sent should be.
      onChange={(next) => set(Math.round(next * 100) / 100)}
      onReset={value === byDefault ? undefined : () => set(null)}
    />
  );
}

function HalfLife({ ranking, change }: ControlProps) {
  const { half_life_hours: hours, default_half_life_hours: byDefault } = ranking;
  const stops = stopsWith(hours, byDefault);
  return (
    <Slider
      label="How fast posts age"
      hint="After this time a post's recency counts half."
      min={0}
      max={stops.length - 1}
      step={1}
      value={stops.indexOf(hours)}
      valueText={hoursText(hours)}
      onChange={(index) => change({ half_life_hours: stops[index] ?? byDefault })}
      onReset={hours === byDefault ? undefined : () => change({ half_life_hours: null })}
    />
  );
}

const saveTexts: Record<SaveState, string> = {
  idle: "Saved as you change them",
  waiting: "Saving …",
  saving: "Saving …",
  saved: "Saved",
  failed: "Not saved",
};

function Saved({ state, onTryAgain }: { state: SaveState; onTryAgain: () => void }) {
  return (
    <div className="flex items-center gap-2 text-[13px] text-muted">
      <p role="status" className="flex items-center gap-2">
        {(state === "waiting" || state === "saving") && <Spinner className="size-3.5 text-accent" />}
        {state === "saved" && <Check className="size-4 text-repost" aria-hidden="true" />}
        {saveTexts[state]}
      </p>
      {state === "failed" && (
        <Button variant="quiet" size="sm" onClick={onTryAgain}>
          Try again
        </Button>
      )}
    </div>
  );
}
