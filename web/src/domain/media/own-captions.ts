/** Captions that somebody gives a video of their own, in a draft or in a post. */
import { api, unwrap } from "@/api/client";
import { isApiError, messageOf } from "@/api/problem";
import type { Captions } from "./captions";

/** Bytes that the API takes. */
const mostBytes = 256 * 1024;
const tooLarge = "This file is too large: at most 256 KB.";

export const acceptedCaptions = ".vtt,.srt,text/vtt,application/x-subrip";

const pathOf = (mediaId: string, language: string) => ({ path: { media_id: mediaId, language } });

/** Rejects with an Error in words for people. Returns all captions that the video has now. */
export async function putCaptions(mediaId: string, language: string, file: File): Promise<Captions[]> {
  if (file.size > mostBytes) throw new Error(tooLarge);
  const media = await unwrap(
    api.PUT("/v1/media/{media_id}/captions/{language}", {
      params: pathOf(mediaId, language),
      body: "",
      bodySerializer: () => file, // as it is: whether it is UTF-8 is the server's to say
      headers: { "Content-Type": "text/vtt" },
    }),
  ).catch(inWords);
  return media.captions;
}

/** Rejects as `putCaptions` does; what is not there any more is no failure. */
export async function removeCaptions(mediaId: string, language: string): Promise<void> {
  await unwrap(
    api.DELETE("/v1/media/{media_id}/captions/{language}", { params: pathOf(mediaId, language) }),
  ).catch((error: unknown) => {
    if (!isApiError(error, 404)) inWords(error);
  });
}

function inWords(error: unknown): never {
  throw new Error(captionsMessage(error));
}

/** What the API says about a file, as a sentence: it begins with the line that is wrong. */
export function captionsMessage(error: unknown): string {
  if (!isApiError(error)) return error instanceof Error ? error.message : messageOf(error);
  if (error.status === 413) return tooLarge;
  if (error.code === "quota_exceeded")
    return "Your storage is full. Delete posts with pictures or videos to make room.";
  const about = error.refusals.find(({ field }) => field === "body")?.message;
  return about ? `${about.charAt(0).toUpperCase()}${about.slice(1)}.` : messageOf(error);
}
