import { type KeyboardEvent, type RefObject, useId, useRef, useState } from "react";
import { nextOption } from "@/domain/search/combobox";
import type { Choice } from "@/domain/search/completion";
import { useTypeahead } from "@/domain/search/use-typeahead";
import { completed, type Token, tokenAt } from "./token";

/** What a choice is found by. */
const namesOf = (choice: Choice): string[] => {
  if (choice.kind === "user") return [choice.user.username, ...choice.user.display_name.split(/\s+/)];
  return choice.kind === "hashtag" ? [choice.hashtag.tag] : [];
};

function fits(choice: Choice, typed: string): boolean {
  return namesOf(choice).some((name) => name.toLowerCase().startsWith(typed.toLowerCase()));
}

/** Writes as if typed, so that undo takes it back. The command is old, but nothing else keeps the history of a text area. */
function typeOver(field: HTMLTextAreaElement, start: number, end: number, text: string): void {
  field.focus();
  field.setSelectionRange(start, end);
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

/** Suggestions for the @mention or #hashtag in which somebody types. */
export function useCompletion(field: RefObject<HTMLTextAreaElement | null>) {
  const listId = useId();
  const [token, setToken] = useState<Token | null>(null);
  /** Start of a token for which nobody wants suggestions any more. */
  const dismissed = useRef<number | null>(null);
  /** Null until somebody moves. */
  const [moved, setMoved] = useState<number | null>(null);
  const { choices: found, stale } = useTypeahead(token ? token.sign + token.name : "", token !== null);
  // Until the new answer is there, of the last one only what still fits.
  const choices = token && stale ? found.filter((choice) => fits(choice, token.name)) : found;
  // Whom one mentions exists, so the first is at hand; a hashtag may be new, and Enter ends the line then.
  const active = Math.min(moved ?? (token?.sign === "@" ? 0 : -1), choices.length - 1);
  const open = token !== null && choices.length > 0;

  const caretIn = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement) =>
    selectionStart === selectionEnd ? tokenAt(value, selectionStart) : null;
  const typed = () => {
    const next = field.current && caretIn(field.current);
    setMoved(null);
    setToken(next?.start === dismissed.current ? null : next);
    if (!next) dismissed.current = null;
  };
  /** The caret has moved: suggestions stay for what they were for, and do not come. */
  const caretMoved = () => {
    const next = field.current && caretIn(field.current);
    if (token) setToken(next?.start === token.start ? next : null);
  };
  const close = () => {
    if (token) dismissed.current = token.start;
    setToken(null);
  };
  /** The field has lost the focus: who comes back and types on is helped again. */
  const leave = () => setToken(null);
  const choose = (choice: Choice) => {
    if (!field.current || !token) return;
    close();
    const name = choice.kind === "user" ? `@${choice.user.username}` : `#${namesOf(choice)[0]}`;
    const { start, end, insert } = completed(field.current.value, token, name);
    typeOver(field.current, start, end, insert);
  };
  /** Whether the key was for the suggestions. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    const { key, ctrlKey, metaKey, altKey, shiftKey, nativeEvent } = event;
    if (!open || ctrlKey || metaKey || altKey || shiftKey || nativeEvent.isComposing) return false;
    const next = nextOption(active, key, choices.length);
    const chosen = choices[active];
    if (next !== null) setMoved(next);
    else if ((key === "Enter" || key === "Tab") && chosen) choose(chosen);
    else return false;
    event.preventDefault();
    return true;
  };
  return { listId, token, choices, active, open, typed, caretMoved, close, leave, choose, onKeyDown };
}
