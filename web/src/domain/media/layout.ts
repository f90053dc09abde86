import type { MediaAttachment } from "@/api/types";

/** Where one of up to four pictures stands in a grid of two columns and two rows. */
export type Cell = "whole" | "left" | "right" | "top-right" | "bottom-right" | "quarter";

const cellsOf: Record<number, readonly Cell[]> = {
  1: ["whole"],
  2: ["left", "right"],
  3: ["left", "top-right", "bottom-right"],
  4: ["quarter", "quarter", "quarter", "quarter"],
};

export const cellsFor = (count: number): readonly Cell[] => cellsOf[count] ?? [];

/** A lone picture keeps its shape between these, width by height; beyond them it is cropped around its focus. */
export const tallest = 3 / 4;
const widest = 2;
/** What is not known yet, or shown with others, has this. */
const usual = 16 / 9;

/** Width by height of the box that holds a post's media: fixed before anything has loaded, so that nothing moves. */
export function boxRatio(media: Pick<MediaAttachment, "width" | "height" | "kind">[]): number {
  const [first] = media;
  if (media.length !== 1 || !first?.width || !first.height) return usual;
  return Math.min(widest, Math.max(tallest, first.width / first.height));
}

/** The CSS object-position that keeps `focus` ((x, y), -1 to 1, right and up) in sight of a crop. */
export function objectPosition(focus: readonly number[] | null): string {
  const [x = 0, y = 0] = focus ?? [];
  return `${((x + 1) / 2) * 100}% ${((1 - y) / 2) * 100}%`;
}

/** What a cell takes of the width of a post, for the attribute `sizes`. */
export function sizesFor(cell: Cell): string {
  return cell === "whole" ? "(min-width: 640px) 520px, 85vw" : "(min-width: 640px) 260px, 43vw";
}

/** The attribute `srcset` of one media type's renditions. */
export function srcSetOf(sizes: MediaAttachment["sizes"], type: string): string {
  return sizes
    .filter((size) => size.type === type)
    .map((size) => `${size.url} ${size.width}w`)
    .join(", ");
}
