import type { Ranking } from "@/api/types";

/** What a change of the ranking sends; null goes back to the default. */
export interface RankingPatch {
  weights?: Record<string, number | null>;
  half_life_hours?: number | null;
}

export const mergePatches = (earlier: RankingPatch, later: RankingPatch): RankingPatch => ({
  ...earlier,
  ...later,
  ...((earlier.weights || later.weights) && { weights: { ...earlier.weights, ...later.weights } }),
});

/** The ranking as the server will answer it after the patch. */
export function withPatch(ranking: Ranking, { weights = {}, half_life_hours }: RankingPatch): Ranking {
  const next = { ...ranking.weights };
  for (const [name, value] of Object.entries(weights)) next[name] = value ?? ranking.defaults[name] ?? 1;
  return {
    ...ranking,
    weights: next,
    ...(half_life_hours !== undefined && {
      half_life_hours: half_life_hours ?? ranking.default_half_life_hours,
    }),
  };
}

export const isDefault = (ranking: Ranking): boolean =>
  ranking.half_life_hours === ranking.default_half_life_hours &&
  Object.entries(ranking.weights).every(([name, value]) => value === ranking.defaults[name]);

/** Everything back to its default. */
export const resetPatch = (ranking: Ranking): RankingPatch => ({
  weights: Object.fromEntries(Object.keys(ranking.weights).map((name) => [name, null])),
  half_life_hours: null,
});

/** Everything as it is now: for Undo. */
export const keepPatch = (ranking: Ranking): RankingPatch => ({
  weights: { ...ranking.weights },
  half_life_hours: ranking.half_life_hours,
});
