/** The point of a picture that a crop keeps: (x, y) from -1 to 1, right and up, as the API has it. */
export type Focus = readonly [x: number, y: number];

export const middle: Focus = [0, 0];

const bounded = (share: number) => Math.min(1, Math.max(0, share));
/** Hundredths: finer than a finger. */
const rounded = (value: number) => Math.round(value * 100) / 100 + 0;

/** From shares of width and height, 0 to 1 from the left upper corner; what lies outside counts as the edge. */
export const focusAt = (left: number, top: number): Focus => [
  rounded(bounded(left) * 2 - 1),
  rounded(1 - bounded(top) * 2),
];

/** The opposite of `focusAt`, in whole percent. */
export const percentOf = ([x, y]: Focus): { left: number; top: number } => ({
  left: Math.round(((x + 1) / 2) * 100),
  top: Math.round(((1 - y) / 2) * 100),
});

/** As it comes in an answer. */
export const focusOf = (given: readonly number[] | null): Focus | null =>
  given && [given[0] ?? 0, given[1] ?? 0];
