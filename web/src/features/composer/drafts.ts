import { session } from "@/api/session";
import type { ComposeTarget } from "@/domain/composing";
import { storage } from "@/lib/storage";
import { createStore, type Store, useStore } from "@/lib/store";

/** Where a draft is kept: one per person and per thing that it answers, quotes or edits. */
export function draftKey(userId: string, target: ComposeTarget): string {
  const subject = target.mode === "new" ? "new" : `${target.mode}.${target.post.id}`;
  return `draft.${userId}.${subject}`;
}

/** One store per key, so that the field on the page and the one in the dialog are the same draft. */
const drafts = new Map<string, Store<string>>();
session.onEnd(() => drafts.clear());

function draftOf(key: string, initial: string): Store<string> {
  const known = drafts.get(key);
  if (known) return known;
  const draft = createStore(storage.get(key) ?? initial);
  drafts.set(key, draft);
  return draft;
}

/** A text that survives reloads. `clear` forgets it once it is sent, unless there is more by then. */
export function useDraft(key: string, initial: string) {
  const draft = draftOf(key, initial);
  const text = useStore(draft);
  const setText = (next: string) => {
    if (next === initial || next.trim() === "") storage.remove(key);
    else storage.set(key, next);
    draft.set(next);
  };
  const clear = (sent: string) => {
    if (draft.get() !== sent) return;
    storage.remove(key);
    draft.set("");
    // What is opened for the same post later begins with its text again, not with nothing.
    if (initial !== "") drafts.delete(key);
  };
  return { text, setText, clear };
}

/** Puts back a text that was on its way; what was written there since stays, in front of it. */
export function putBack(key: string, text: string): void {
  const draft = draftOf(key, "");
  const whole = [draft.get(), text].filter((part) => part.trim() !== "").join("\n\n");
  storage.set(key, whole);
  draft.set(whole);
}
