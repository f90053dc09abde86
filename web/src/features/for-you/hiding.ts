/** Takes a post out of the loaded ranking and puts it back where it was. */
import type { RankedItem } from "@/api/types";
import type { RankedPages } from "./api/use-for-you";

export interface Place {
  item: RankedItem;
  page: number;
  index: number;
}

export function placeOf(pages: RankedPages | undefined, postId: string): Place | null {
  for (const [page, { data }] of (pages?.pages ?? []).entries()) {
    const index = data.findIndex((each) => each.id === postId);
    const item = data[index];
    if (item) return { item, page, index };
  }
  return null;
}

export function hide(pages: RankedPages | undefined, postId: string): RankedPages | undefined {
  if (!pages || !placeOf(pages, postId)) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, data: page.data.filter(({ id }) => id !== postId) })),
  };
}

/** In a ranking made meanwhile the place is where the post would stand in the old one; a page that is not there takes none. */
export function putBack(
  pages: RankedPages | undefined,
  { item, page, index }: Place,
): RankedPages | undefined {
  if (!pages?.pages[page] || placeOf(pages, item.id)) return pages;
  return {
    ...pages,
    pages: pages.pages.map((each, at) =>
      at === page ? { ...each, data: [...each.data.slice(0, index), item, ...each.data.slice(index)] } : each,
    ),
  };
}
