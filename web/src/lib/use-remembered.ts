import { useCallback, useState } from "react";
import { storage } from "./storage";

/** A choice that this browser keeps beyond the page. What is stored but no longer offered counts as not chosen. */
export function useRemembered<T extends string>(
  key: string,
  offered: readonly T[],
  fallback: T,
): [T, (next: T) => void] {
  const [chosen, setChosen] = useState<T>(
    () => offered.find((value) => value === storage.get(key)) ?? fallback,
  );
  const choose = useCallback(
    (next: T) => {
      storage.set(key, next);
      setChosen(next);
    },
    [key],
  );
  return [chosen, choose];
}
