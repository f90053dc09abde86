import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { MediaAttachment, Post } from "@/api/types";
import { refreshMedia } from "./refresh";

const unfinished = ({ state }: MediaAttachment) => state === "uploaded" || state === "processing";
const firstLookMs = 4000;
const longestLookMs = 60_000;

/**
 * Asks for the post again while its media are still worked on (whoever posted them is told over the live connection, too).
 * The function that it returns asks once when an address has expired.
 */
export function useFreshMedia(post: Post): () => void {
  const client = useQueryClient();
  const asked = useRef(false);
  const waiting = post.media.some(unfinished);
  useEffect(() => {
    if (!waiting) return;
    let delayMs = firstLookMs;
    let timer = setTimeout(look, delayMs);
    function look() {
      delayMs = Math.min(longestLookMs, delayMs * 1.6);
      void refreshMedia(client, post.id);
      timer = setTimeout(look, delayMs);
    }
    return () => clearTimeout(timer);
  }, [client, post.id, waiting]);
  return () => {
    if (asked.current) return;
    asked.current = true;
    void refreshMedia(client, post.id);
  };
}
