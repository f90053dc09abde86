import { api, unwrap } from "@/api/client";
import type { OwnMedia } from "@/api/types";
import type { Description } from "./describing";

/** Changes what is told about an upload of one's own; what is absent stays. Rejects with ApiError. */
export function updateMedia(
  mediaId: string,
  { focus, ...change }: Partial<Description & { sensitive: boolean }>,
): Promise<OwnMedia> {
  const body = {
    ...change,
    ...(focus !== undefined && { focus: focus && ([...focus] as [number, number]) }),
  };
  return unwrap(api.PATCH("/v1/media/{media_id}", { params: { path: { media_id: mediaId } }, body }));
}
