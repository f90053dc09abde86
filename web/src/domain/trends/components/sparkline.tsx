import { linePoints } from "../sparkline";

const width = 64;
const height = 22;

/** How a topic went through the window. Decorative: the words beside it say what matters. */
export function Sparkline({ series }: { series: number[] }) {
  const points = linePoints(series, width, height);
  return (
    <svg
      viewBox={`-1.5 -2 ${width + 3} ${height + 4}`}
      className="h-6.5 w-16 shrink-0 text-accent"
      fill="none"
      aria-hidden="true"
    >
      <polygon points={`0,${height} ${points} ${width},${height}`} fill="currentColor" opacity="0.14" />
      <polyline
        points={points}
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
