import { useEffect, useRef, useState } from "react";
import type { ComposeTarget } from "@/domain/composing";
import { storage } from "@/lib/storage";

const saveDelayMs = 300;

/** Where a draft is kept: one per person and per thing that it answers, quotes or edits. */
export function draftKey(userId: string, target: ComposeTarget): string {
  const subject = target.mode === "new" ? "new" : `${target.mode}.${target.post.id}`;
  return `draft.${userId}.${subject}`;
}

/** A text that survives reloads. `clear` forgets it once it is sent or thrown away. */
export function useDraft(key: string, initial: string) {
  const [text, setText] = useState(() => storage.get(key) ?? initial);
  const sent = useRef(false);

  useEffect(() => {
    const save = () => {
      if (sent.current) return;
      if (text === initial || text.trim() === "") storage.remove(key);
      else storage.set(key, text);
    };
    const timer = setTimeout(save, saveDelayMs);
    return () => {
      clearTimeout(timer);
      save();
    };
  }, [key, text, initial]);

  const clear = () => {
    sent.current = true;
    storage.remove(key);
  };
  const reset = () => {
    storage.remove(key);
    setText("");
  };
  return { text, setText, clear, reset };
}
