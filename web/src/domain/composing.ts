import { session } from "@/api/session";
import type { Post } from "@/api/types";
import { createStore } from "@/lib/store";

export type ComposeTarget =
  | { mode: "new"; text?: string }
  | { mode: "reply"; post: Post }
  | { mode: "quote"; post: Post }
  | { mode: "edit"; post: Post };

/** What the composer dialog is open for; null when it is closed. */
export const composing = createStore<ComposeTarget | null>(null);

/** Set by features/shell: strangers are asked to sign in instead. */
export const signInPrompt = createStore(false);

/** Runs `action` for people who are signed in and asks everybody else to join. */
export function requireSignIn(action: () => void): void {
  if (session.status.get() === "signed-in") action();
  else signInPrompt.set(true);
}

export function compose(target: ComposeTarget): void {
  requireSignIn(() => composing.set(target));
}
