import { type KeyboardEvent, type RefObject, useId, useRef } from "react";
import { cx } from "@/lib/cx";
import { plural } from "@/lib/numbers";
import { type Count, highlight } from "../counter";
import { useCompletion } from "../use-completion";
import { CompletionList } from "./completion-list";

interface DraftFieldProps {
  text: string;
  count: Count;
  label: string;
  placeholder: string;
  large: boolean;
  onChange: (text: string) => void;
  onSend: () => void;
  onFocus?: () => void;
  ref: RefObject<HTMLTextAreaElement | null>;
}

/** Both layers must break lines alike, so they share everything that moves text. */
const layer =
  "col-start-1 row-start-1 min-w-0 px-0 py-2 text-[18px] leading-[1.4] whitespace-pre-wrap break-words";

const kinds = {
  text: undefined,
  entity: "text-accent",
  over: "rounded-sm bg-danger-soft text-danger",
} as const;

/**
 * A text area that grows with its text; a copy behind it shows entities and what is too long in colour. While a name is typed
 * it is a combobox in all but its role: text of several lines has none with `aria-expanded`, so a status tells of the list.
 */
export function DraftField(props: DraftFieldProps) {
  const { text, count, label, placeholder, large, onChange, onSend, onFocus, ref } = props;
  const hint = useId();
  const mirror = useRef<HTMLDivElement>(null);
  const completion = useCompletion(ref);
  const { open, listId, active, choices } = completion;
  const onKeyDown = (event: KeyboardEvent) => {
    if (completion.onKeyDown(event)) return;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    completion.close();
    onSend();
  };
  return (
    <div className={cx("relative grid", large ? "min-h-30" : "min-h-11")}>
      <div ref={mirror} aria-hidden="true" className={cx(layer, "pointer-events-none")}>
        {highlight(text, count.overFrom).map((piece, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: redrawn as a whole with each key press
          <span key={index} className={kinds[piece.kind]}>
            {piece.text}
          </span>
        ))}
        {/* A last empty line has no height without a character in it. */}
        {text.endsWith("\n") && "\u200b"}
      </div>
      <textarea
        ref={ref}
        value={text}
        dir="auto"
        rows={1}
        aria-label={label}
        aria-describedby={hint}
        aria-invalid={count.state === "over" || undefined}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={open ? listId : undefined}
        aria-activedescendant={open && active >= 0 ? `${listId}-${active}` : undefined}
        placeholder={placeholder}
        onChange={(event) => {
          onChange(event.target.value);
          completion.typed();
        }}
        onSelect={completion.caretMoved}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        onBlur={completion.leave}
        className={cx(
          layer,
          "resize-none overflow-hidden bg-transparent text-transparent caret-text outline-none placeholder:text-muted",
        )}
      />
      <span id={hint} className="sr-only">
        Control Enter or Command Enter sends.
      </span>
      <span role="status" className="sr-only">
        {open && `${choices.length} ${plural(choices.length, "suggestion")}, arrow keys to choose`}
      </span>
      {open && <CompletionList completion={completion} mirror={mirror} />}
    </div>
  );
}
