/** Half-lives worth choosing, in hours: fine where an hour matters, coarse where a day does not. */
const usual = [1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 120, 168];

/** The stops of the slider, in order; what is set now and the default are always among them. */
export function stopsWith(...hours: number[]): number[] {
  return [...new Set([...usual, ...hours])].sort((a, b) => a - b);
}
