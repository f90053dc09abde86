/** Points of a line through `series`, in a box of `width` × `height` with y downwards; its base is zero. */
export function linePoints(series: readonly number[], width: number, height: number): string {
  const most = Math.max(1, ...series);
  const step = series.length > 1 ? width / (series.length - 1) : 0;
  const round = (value: number) => Math.round(value * 10) / 10;
  return series
    .map((value, index) => `${round(index * step)},${round(height - (value / most) * height)}`)
    .join(" ");
}
