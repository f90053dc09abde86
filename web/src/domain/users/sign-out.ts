import { api } from "@/api/client";
import { session } from "@/api/session";

/** Ends the session on the server and forgets it here, even when the server cannot be reached. */
export async function signOut(): Promise<void> {
  const ended = api.DELETE("/v1/sessions/{session_id}", { params: { path: { session_id: "current" } } });
  await ended.catch(() => undefined);
  session.end();
}
