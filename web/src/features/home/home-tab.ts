import { flushSync } from "react-dom";
import { useRemembered } from "@/lib/use-remembered";

export const homeTabs = ["following", "for-you"] as const;
export type HomeTab = (typeof homeTabs)[number];

/** How far down each timeline was left, in pixels, for as long as the page lives. */
const places = new Map<string, number>();

/**
 * Which timeline home shows, remembered for each person who signs in here. Changing it leaves each where it was read; choosing
 * the one that is shown goes to its top.
 */
export function useHomeTab(userId: string | undefined): [HomeTab, (next: HomeTab) => void] {
  const [tab, setTab] = useRemembered<HomeTab>(`home-tab.${userId}`, homeTabs, "following");
  const placeOf = (each: HomeTab) => `${userId}.${each}`;
  const select = (next: HomeTab) => {
    if (next === tab) return window.scrollTo({ top: 0 });
    places.set(placeOf(tab), window.scrollY);
    // The other list must be as long as it was before the page can be scrolled into it.
    flushSync(() => setTab(next));
    window.scrollTo({ top: places.get(placeOf(next)) ?? 0 });
  };
  return [tab, select];
}
