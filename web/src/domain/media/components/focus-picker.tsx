import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { cx } from "@/lib/cx";
import { type Focus, focusAt, middle, percentOf } from "../focus";
import { objectPosition } from "../layout";

interface FocusPickerProps {
  /** Address of the picture. */
  src: string;
  focus: Focus | null;
  onChange: (focus: Focus | null) => void;
}

/** How a picture is cut: among others in a post, and upright beside another one. */
const crops = ["aspect-video w-30", "aspect-[8/9] w-15"];

/**
 * The point that stays in sight wherever a picture is cropped: set by a press or by dragging; by keyboard with two sliders, of
 * which the arrows across lead to the other one, so that the ring goes where the arrow points.
 */
export function FocusPicker({ src, focus, onChange }: FocusPickerProps) {
  const [broken, setBroken] = useState(false);
  const picture = useRef<HTMLDivElement>(null);
  const { left, top } = percentOf(focus ?? middle);
  if (broken) return null;
  const point = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.getBoundingClientRect();
    onChange(focusAt((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height));
  };
  /** The other slider takes over the arrows that are its own. */
  const across = (event: KeyboardEvent<HTMLInputElement>, vertical: boolean) => {
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const [right, down] = step;
    onChange(focusAt((left + right) / 100, (top + down) / 100));
    if ((down !== 0) !== vertical) {
      const other = vertical ? "horizontal" : "vertical";
      picture.current?.querySelector<HTMLInputElement>(`[data-axis=${other}]`)?.focus();
    }
  };
  const slider = (axis: "horizontal" | "vertical", value: number, text: string) => (
    <input
      type="range"
      data-axis={axis}
      min={0}
      max={100}
      value={value}
      aria-label={axis === "horizontal" ? "Focal point, horizontal" : "Focal point, vertical"}
      aria-valuetext={text}
      onKeyDown={(event) => across(event, axis === "vertical")}
      onChange={({ target: { valueAsNumber } }) =>
        onChange(
          axis === "horizontal"
            ? focusAt(valueAsNumber / 100, top / 100)
            : focusAt(left / 100, valueAsNumber / 100),
        )
      }
      className="sr-only"
    />
  );
  return (
    <div className="flex flex-wrap items-end justify-center gap-4">
      <div
        ref={picture}
        onPointerDown={point}
        onPointerMove={point}
        className="group relative w-fit cursor-crosshair touch-none overflow-hidden rounded-xl bg-surface select-none"
      >
        <img
          src={src}
          alt=""
          draggable={false}
          onError={() => setBroken(true)}
          className="block max-h-56 max-w-full"
        />
        {slider("horizontal", left, `${left}% from the left`)}
        {slider("vertical", top, `${top}% from the top`)}
        <span
          aria-hidden="true"
          data-focus-ring=""
          style={{ left: `${left}%`, top: `${top}%` }}
          className={cx(
            "pointer-events-none absolute size-9 -translate-1/2 rounded-full border-3 border-white",
            "shadow-[0_0_0_2px_rgb(0_0_0/0.6),inset_0_0_0_1px_rgb(0_0_0/0.6)]",
            "group-has-focus-visible:outline-3 group-has-focus-visible:outline-offset-3 group-has-focus-visible:outline-accent",
          )}
        />
      </div>
      <div className="flex flex-col gap-2">
        <p className="max-w-52 text-[13.5px] text-muted">
          Press on what should stay in sight when it is cropped.
        </p>
        <div className="flex items-end gap-2" aria-hidden="true">
          {crops.map((shape) => (
            <img
              key={shape}
              src={src}
              alt=""
              draggable={false}
              style={{ objectPosition: objectPosition(focus) }}
              className={cx("rounded-lg border border-line object-cover", shape)}
            />
          ))}
        </div>
        <button
          type="button"
          disabled={!focus}
          onClick={() => onChange(null)}
          className="self-start rounded-full py-0.5 text-[13.5px] font-semibold text-accent enabled:hover:underline disabled:text-muted"
        >
          Back to the middle
        </button>
      </div>
    </div>
  );
}

/** Percent to the right and down. */
const steps: Record<string, readonly [right: number, down: number]> = {
  ArrowLeft: [-2, 0],
  ArrowRight: [2, 0],
  ArrowUp: [0, -2],
  ArrowDown: [0, 2],
};
