import { useCallback } from "react";
import { api, unwrap } from "@/api/client";
import { isApiError } from "@/api/problem";
import { session } from "@/api/session";
import { inViewShare, SeenReporter } from "../seen";

async function send(postIds: string[], leaving: boolean): Promise<void> {
  const answer = api.POST("/v1/timelines/for-you/seen", {
    body: { post_ids: postIds },
    keepalive: leaving,
  });
  await unwrap(answer).catch((error: unknown) => {
    // A refusal would be the same the next time; only what did not arrive is worth another request.
    if (isApiError(error, 0, 429, 500, 502, 503, 504)) throw error;
  });
}

function start(): SeenReporter {
  const seen = new SeenReporter({
    send,
    shown: () => document.visibilityState === "visible",
    observer: (report) =>
      new IntersectionObserver(
        (entries) => {
          for (const { target, intersectionRatio } of entries)
            report(target, intersectionRatio >= inViewShare);
        },
        { threshold: inViewShare },
      ),
  });
  document.addEventListener("visibilitychange", () => seen.visibilityChanged());
  window.addEventListener("pagehide", () => seen.flush(true));
  session.onEnd(() => seen.forget());
  return seen;
}

let seen: SeenReporter | undefined;

/** A ref for the element that shows a ranked post: once it was really on the screen, the server hears of it. */
export function useSeen(postId: string) {
  return useCallback(
    (element: HTMLElement | null) => {
      if (!element) return;
      seen ??= start();
      return seen.watch(element, postId);
    },
    [postId],
  );
}
