import { api, unwrap } from "@/api/client";
import { ApiError, isApiError } from "@/api/problem";
import { session } from "@/api/session";
import type { Post } from "@/api/types";
import type { Outgoing, OutgoingMedia } from "../outbox";

/** A connection that carries nothing for this long is none. */
const patienceMs = 30_000;
const expired = "What you attached has expired. Add it again.";

type As = Pick<RequestInit, "signal"> & { fetch: (request: Request) => Promise<Response> };

async function sendDescription({ id, alt, focus, sensitive }: OutgoingMedia, as: As): Promise<void> {
  if (!alt && !focus && !sensitive) return;
  const body = { alt, focus: focus && ([...focus] as [number, number]), sensitive };
  try {
    await unwrap(api.PATCH("/v1/media/{media_id}", { params: { path: { media_id: id } }, body, ...as }));
  } catch (error) {
    // Not 404: that would speak of the post that is answered.
    throw isApiError(error, 404) ? new ApiError(410, { code: "media_expired", title: expired }) : error;
  }
}

/** Describes what goes with a post, and posts it, as this account and no other. Rejects with ApiError. */
export async function sendPost(outgoing: Outgoing, userId: string): Promise<Post> {
  const { key, target, content, media } = outgoing;
  const as = { fetch: session.fetchAs(userId), signal: AbortSignal.timeout(patienceMs) };
  await Promise.all(media.map((each) => sendDescription(each, as)));
  const body = {
    content,
    ...(media.length > 0 && { media_ids: media.map(({ id }) => id) }),
    ...(target.mode === "reply" && { reply_to_id: target.post.id }),
    ...(target.mode === "quote" && { quote_of_id: target.post.id }),
  };
  return unwrap(api.POST("/v1/posts", { body, params: { header: { "Idempotency-Key": key } }, ...as }));
}
