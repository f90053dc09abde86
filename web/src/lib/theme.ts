import { storage } from "./storage";
import { createStore } from "./store";

export type ThemeChoice = "system" | "light" | "dark";

const systemDark = () => window.matchMedia("(prefers-color-scheme: dark)");

function readChoice(): ThemeChoice {
  const stored = storage.get("theme");
  return stored === "light" || stored === "dark" ? stored : "system";
}

export const themeChoice = createStore<ThemeChoice>(readChoice());

/** Keep in step with public/theme.js, which does the same before the first paint. */
function apply(): void {
  const choice = themeChoice.get();
  const dark = choice === "dark" || (choice === "system" && systemDark().matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", dark ? "#0e0f16" : "#ffffff");
}

export function setTheme(choice: ThemeChoice): void {
  storage.set("theme", choice);
  themeChoice.set(choice);
  apply();
}

/** Follows the system while the choice is "system". */
export function watchSystemTheme(): void {
  systemDark().addEventListener("change", apply);
  apply();
}
