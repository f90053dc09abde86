import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { previewKey } from "./use-ranking";

export const previewed = 3;
/** Looked at to tell where a post came from that has just risen into the preview. */
const ranked = 20;

/** The top of a ranking by the weights as they are saved. It is only looked at: nothing counts as seen. */
export function usePreview() {
  return useQuery({
    queryKey: previewKey,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/v1/timelines/for-you", { params: { query: { limit: ranked } }, signal })),
    staleTime: 0,
  });
}
