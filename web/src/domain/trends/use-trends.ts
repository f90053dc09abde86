import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Trend } from "@/api/types";

export type TrendWindow = "1h" | "24h";

/** The server's most; a card shows the first few of them. */
const limit = 25;

/** What is trending, strongest first. The server looks anew each minute. */
export function useTrends(window: TrendWindow, lang: string | null = null) {
  return useQuery({
    queryKey: ["trends", window, lang],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/v1/trends", { params: { query: { window, limit, ...(lang && { lang }) } }, signal })),
    staleTime: 60_000,
    refetchInterval: 5 * 60_000,
  });
}

/** The search for what a trend is about. */
export function queryOfTrend({ kind, name }: Pick<Trend, "kind" | "name">): string {
  if (kind === "hashtag") return `#${name}`;
  return kind === "link" ? `url:${name}` : `"${name}"`;
}

/** The name as people know it. */
export const titleOfTrend = ({ kind, name }: Pick<Trend, "kind" | "name">) =>
  kind === "hashtag" ? `#${name}` : name;
