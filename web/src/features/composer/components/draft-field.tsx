import { type KeyboardEvent, type Ref, useId } from "react";
import { cx } from "@/lib/cx";
import { type Count, highlight } from "../counter";

interface DraftFieldProps {
  text: string;
  count: Count;
  label: string;
  placeholder: string;
  large: boolean;
  onChange: (text: string) => void;
  onSend: () => void;
  onFocus?: () => void;
  ref?: Ref<HTMLTextAreaElement>;
}

/** Both layers must break lines alike, so they share everything that moves text. */
const layer =
  "col-start-1 row-start-1 min-w-0 px-0 py-2 text-[18px] leading-[1.4] whitespace-pre-wrap break-words";

const kinds = {
  text: undefined,
  entity: "text-accent",
  over: "rounded-sm bg-danger-soft text-danger",
} as const;

/** A text area that grows with its text; a copy behind it shows entities and what is too long in colour. */
export function DraftField(props: DraftFieldProps) {
  const { text, count, label, placeholder, large, onChange, onSend, onFocus, ref } = props;
  const hint = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onSend();
  };
  return (
    <div className={cx("grid", large ? "min-h-30" : "min-h-11")}>
      <div aria-hidden="true" className={cx(layer, "pointer-events-none")}>
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
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
        className={cx(
          layer,
          "resize-none overflow-hidden bg-transparent text-transparent caret-text outline-none placeholder:text-muted",
        )}
      />
      <span id={hint} className="sr-only">
        Control Enter or Command Enter sends.
      </span>
    </div>
  );
}
