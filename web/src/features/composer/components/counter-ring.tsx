import { cx } from "@/lib/cx";
import type { Count } from "../counter";

const radius = 10;
const circumference = 2 * Math.PI * radius;

/** So far over the limit, the ring makes way for the number. */
const ringGoneBelow = 10;

const colors = { fine: "text-accent", near: "text-bookmark", over: "text-danger" } as const;

export function CounterRing({ count }: { count: Count }) {
  if (count.length === 0) return null;
  const scale = count.showNumber ? "scale-125" : "";
  const words =
    count.remaining < 0 ? `${-count.remaining} characters too many` : `${count.remaining} characters left`;
  return (
    <span className={cx("relative grid size-8 place-items-center", colors[count.state])}>
      {count.remaining > -ringGoneBelow && (
        <svg
          viewBox="0 0 24 24"
          className={cx("size-6 -rotate-90 transition-transform", scale)}
          aria-hidden="true"
        >
          <circle cx="12" cy="12" r={radius} fill="none" strokeWidth="2.2" className="stroke-line" />
          <circle
            cx="12"
            cy="12"
            r={radius}
            fill="none"
            stroke="currentColor"
            strokeWidth="2.2"
            strokeLinecap="round"
            strokeDasharray={circumference}
            strokeDashoffset={circumference * (1 - count.share)}
            className="transition-[stroke-dashoffset] duration-150"
          />
        </svg>
      )}
      {count.showNumber && (
        <span aria-hidden="true" className="absolute text-[12px] font-semibold tabular-nums">
          {count.remaining}
        </span>
      )}
      <span role="status" className="sr-only">
        {count.showNumber && words}
      </span>
    </span>
  );
}
