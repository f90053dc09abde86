import { type RefObject, useLayoutEffect, useState } from "react";
import { SearchOption } from "@/domain/search/components/search-option";
import { CaretPopup, type Place } from "@/ui/caret-popup";
import type { useCompletion } from "../use-completion";

interface CompletionListProps {
  completion: ReturnType<typeof useCompletion>;
  /** Breaks lines as the field does. */
  mirror: RefObject<HTMLElement | null>;
}

/** Where the character at a UTF-16 index of the text stands. */
function placeOf(mirror: HTMLElement, index: number): Place {
  const box = mirror.getBoundingClientRect();
  const walker = document.createTreeWalker(mirror, NodeFilter.SHOW_TEXT);
  let left = index;
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    if (left < node.length) {
      const range = document.createRange();
      range.setStart(node, left);
      range.setEnd(node, left + 1);
      const sign = range.getBoundingClientRect();
      return { left: sign.left - box.left, top: sign.top - box.top, height: sign.height };
    }
    left -= node.length;
  }
  return { left: 0, top: 0, height: box.height };
}

/** The suggestions, below the sign with which the name begins. */
export function CompletionList({ completion, mirror }: CompletionListProps) {
  const { listId, choices, active, token, choose, close } = completion;
  const start = token?.start ?? 0;
  const [at, setAt] = useState<Place | null>(null);
  useLayoutEffect(() => setAt(mirror.current && placeOf(mirror.current, start)), [mirror, start]);
  if (!at) return null;
  return (
    <CaretPopup id={listId} label="Suggestions" at={at} onClose={close}>
      {choices.map((choice, index) => (
        <SearchOption
          // biome-ignore lint/suspicious/noArrayIndexKey: an option is its place in the list
          key={index}
          id={`${listId}-${index}`}
          choice={choice}
          active={index === active}
          onChoose={() => choose(choice)}
        />
      ))}
    </CaretPopup>
  );
}
