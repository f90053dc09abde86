import type { QueryClient } from "@tanstack/react-query";
import { isApiError } from "@/api/problem";
import { toast } from "@/ui/toaster";
import { postKeys, removePost } from "./cache";

export const goneText = "This post is gone.";

/** Whether the server refused an act because its post is deleted, or no longer for this reader. */
export function isGone(error: unknown): boolean {
  if (isApiError(error, 404)) return true;
  return isApiError(error, 400) && ("reply_to_id" in error.fields || "quote_of_id" in error.fields);
}

/** Takes a post that is gone out of every list; its own page asks again, and finds nothing. */
export function dropPost(client: QueryClient, id: string): void {
  removePost(client, id);
  void client.resetQueries({ queryKey: postKeys.thread(id) });
}

/** The same for a post that turned out to be gone when the reader did something to it, and says so. */
export function dropGone(client: QueryClient, id: string): void {
  dropPost(client, id);
  toast.error(goneText);
}
