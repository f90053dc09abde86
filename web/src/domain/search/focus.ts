import { createStore } from "@/lib/store";

/** Set before the way to the explore page, whose box then takes the focus. */
export const focusWanted = createStore(false);

/** Puts the cursor into the box that is on the screen; false where there is none. */
export function focusSearchBox(): boolean {
  const boxes = document.querySelectorAll<HTMLInputElement>("input[data-search-box]");
  const shown = Array.from(boxes).find((box) => box.offsetParent !== null || box.getClientRects().length > 0);
  shown?.focus();
  shown?.select();
  return shown !== undefined;
}
