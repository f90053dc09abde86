/** How a post's place in the ranking changed: by so many places up (positive) or down, or "new" among those looked at. */
export type Move = number | "new";

/** The moves from one order of ids to the next. Without an order before there are none. */
export function movesBetween(before: string[] | null, after: string[]): Map<string, Move> {
  if (!before) return new Map(after.map((id) => [id, 0]));
  return new Map(
    after.map((id, index) => {
      const old = before.indexOf(id);
      return [id, old === -1 ? "new" : old - index];
    }),
  );
}
