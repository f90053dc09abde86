import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, unwrap } from "@/api/client";
import { isApiError, messageOf } from "@/api/problem";
import type { Ranking } from "@/api/types";
import { postKeys } from "@/domain/posts/cache";
import { PatchSaver } from "@/lib/patch-saver";
import { useStore } from "@/lib/store";
import { toast } from "@/ui/toaster";
import { mergePatches, type RankingPatch, withPatch } from "../ranking-patch";

export const rankingKey = ["ranking"] as const;
export const previewKey = ["posts", "for-you-preview"] as const;

const saveAfterMs = 500;

export function useRanking() {
  return useQuery({
    queryKey: rankingKey,
    queryFn: ({ signal }) => unwrap(api.GET("/v1/users/me/ranking", { signal })),
  });
}

/** What was ranked by other rules is ranked anew when it is looked at next. */
export function rankAnew(client: QueryClient): void {
  void client.resetQueries({ queryKey: postKeys.forYou });
  void client.invalidateQueries({ queryKey: previewKey });
}

function createSaver(client: QueryClient): PatchSaver<RankingPatch> {
  return new PatchSaver<RankingPatch>({
    delayMs: saveAfterMs,
    merge: mergePatches,
    send: async (patch) => {
      // A request that outlives the page: the last change may come right before it is left.
      await unwrap(api.PATCH("/v1/users/me/ranking", { body: patch, keepalive: true }));
      rankAnew(client);
    },
    worthKeeping: (error) => isApiError(error, 0, 429, 500, 502, 503, 504),
    failed: (error) => {
      if (isApiError(error, 400)) void client.invalidateQueries({ queryKey: rankingKey });
      toast.error(`Your weights were not saved. ${messageOf(error)}`);
    },
  });
}

/** Changes of the ranking: shown at once, saved a moment after the last one, at the latest when the page is left. */
export function useRankingChanges() {
  const client = useQueryClient();
  const [saver] = useState(() => createSaver(client));
  useEffect(() => {
    const leave = () => saver.flush();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [saver]);
  return {
    state: useStore(saver.state),
    tryAgain: () => saver.flush(),
    change: (patch: RankingPatch) => {
      client.setQueryData<Ranking>(rankingKey, (ranking) => ranking && withPatch(ranking, patch));
      saver.add(patch);
    },
  };
}

/** Forgets every "show less like this". */
export function useForgetLess() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE("/v1/users/me/ranking/less")),
    onSuccess: () => {
      client.setQueryData<Ranking>(
        rankingKey,
        (ranking) => ranking && { ...ranking, less: { posts: 0, authors: 0 } },
      );
      rankAnew(client);
      toast.info("Forgotten. Everything is ranked on its merits again.");
    },
    onError: (error) => toast.error(messageOf(error)),
  });
}
