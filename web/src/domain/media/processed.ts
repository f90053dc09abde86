import { api, unwrap } from "@/api/client";
import type { OwnMedia } from "@/api/types";
import { mediaNews } from "./news";

const firstDelayMs = 1000;
const longestDelayMs = 15_000;

const ended = (media: OwnMedia) => media.state === "ready" || media.state === "failed";

/**
 * Follows an upload until it is ready or has failed, and returns how it ended. Asks when the live connection tells news, and
 * now and then on its own. Rejects with ApiError when the upload is gone; then nothing more is asked.
 */
export async function followProcessing(
  mediaId: string,
  signal: AbortSignal,
  onNews: (media: OwnMedia) => void,
): Promise<OwnMedia> {
  let delayMs = firstDelayMs;
  for (;;) {
    const media = await unwrap(
      api.GET("/v1/media/{media_id}", { params: { path: { media_id: mediaId } }, signal }),
    );
    signal.throwIfAborted();
    onNews(media);
    if (ended(media)) return media;
    await newsOrTimeout(mediaId, delayMs);
    signal.throwIfAborted();
    delayMs = Math.min(longestDelayMs, delayMs * 1.5);
  }
}

function newsOrTimeout(mediaId: string, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, delayMs);
    const stop = mediaNews.listen(mediaId, done);
  });
}
