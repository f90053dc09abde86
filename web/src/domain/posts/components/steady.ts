type Key = string | number | bigint;

/**
 * How many pixels above `top` a list lost: the heights of rows that began there and are gone. `top` counts from the head of the
 * list. A list that kept no row at all is another list, and has lost nothing.
 */
export function lostAbove(before: Key[], now: Key[], heightOf: (key: Key) => number, top: number): number {
  const kept = new Set(now);
  if (!before.some((key) => kept.has(key))) return 0;
  let start = 0;
  let lost = 0;
  for (const key of before) {
    if (start >= top) break;
    const height = heightOf(key);
    if (!kept.has(key)) lost += height;
    start += height;
  }
  return lost;
}
