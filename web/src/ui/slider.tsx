import { type CSSProperties, useId } from "react";

interface SliderProps {
  label: string;
  hint: string;
  min: number;
  max: number;
  step: number;
  value: number;
  /** The value in words, for eyes and screen readers alike. */
  valueText: string;
  onChange: (value: number) => void;
  /** Offers to go back to the default; absent where the value is the default. */
  onReset?: (() => void) | undefined;
}

/** The browser's own range, in our colours: arrows, Page Up and Down, Home and End come with it. */
export function Slider(props: SliderProps) {
  const { label, hint, min, max, step, value, valueText, onChange, onReset } = props;
  const id = useId();
  return (
    <div>
      <div className="flex min-h-7 items-center gap-3">
        <label htmlFor={id} className="flex-1 font-semibold">
          {label}
        </label>
        {onReset && (
          <button
            type="button"
            aria-label={`Reset ${label}`}
            onClick={onReset}
            className="rounded-full px-2.5 py-1 text-[13px] font-semibold text-accent hover:bg-accent-soft"
          >
            Reset
          </button>
        )}
        <output htmlFor={id} className="text-[14.5px] font-medium text-muted tabular-nums">
          {valueText}
        </output>
      </div>
      <p id={`${id}-hint`} className="text-sm text-muted">
        {hint}
      </p>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={valueText}
        aria-describedby={`${id}-hint`}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        style={{ "--filled": `${((value - min) / (max - min)) * 100}%` } as CSSProperties}
        className="range mt-2 scroll-my-64"
      />
    </div>
  );
}
