/** Moves through the options of a combobox; -1 is the text itself, a stop between the last and the first option. */
export function nextOption(active: number, key: string, count: number): number | null {
  if (count === 0) return null;
  if (key === "ArrowDown") return active + 1 < count ? active + 1 : -1;
  if (key === "ArrowUp") return active >= 0 ? active - 1 : count - 1;
  return null;
}
