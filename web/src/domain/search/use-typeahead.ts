import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { useDebounced } from "@/lib/use-debounced";
import { type Choice, completionOf } from "./completion";

const debounceMs = 150;

/** What the text may become. Asks when the typing pauses; a newer question ends the one before. */
export function useTypeahead(text: string, enabled: boolean) {
  const { term, wants } = completionOf(text);
  const asked = useDebounced(term, debounceMs);
  const query = useQuery({
    queryKey: ["typeahead", asked],
    queryFn: ({ signal }) =>
      unwrap(api.GET("/v1/search/typeahead", { params: { query: { q: asked } }, signal })),
    enabled: enabled && asked !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  const found = term ? query.data : undefined;
  const choices: Choice[] = [
    ...(wants.users ? (found?.users ?? []) : []).map((user) => ({ kind: "user" as const, user })),
    ...(wants.hashtags ? (found?.hashtags ?? []) : []).map((hashtag) => ({
      kind: "hashtag" as const,
      hashtag,
    })),
    ...(wants.operators ? (found?.operators ?? []) : []).map((operator) => ({
      kind: "operator" as const,
      operator,
    })),
  ];
  return {
    choices,
    /** What is found was found for an earlier text. */
    stale: asked !== term || query.isPlaceholderData,
    busy: enabled && term !== "" && (query.isFetching || asked !== term),
    failed: query.isError,
  };
}
