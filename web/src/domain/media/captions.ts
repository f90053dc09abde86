import type { MediaAttachment } from "@/api/types";

export type Captions = MediaAttachment["captions"][number];

/** What somebody has chosen to see: a language, or none; null as long as nothing was chosen. */
export type Chosen = string | "off" | null;

const primary = (tag: string) => tag.toLowerCase().split("-")[0];

/** The one of `languages` (BCP 47) that suits a reader best, by their own list; a region of theirs counts for little. */
export function suiting(languages: readonly string[], wanted: readonly string[]): string | null {
  for (const tag of wanted) {
    const exact = languages.find((language) => language.toLowerCase() === tag.toLowerCase());
    const found = exact ?? languages.find((language) => primary(language) === primary(tag));
    if (found) return found;
  }
  return null;
}

/**
 * The language whose captions show; null for none. Who has chosen sees what they chose, where there is something like it.
 * Others see those in their own language while there is no sound.
 */
export function showing(
  languages: readonly string[],
  chosen: Chosen,
  muted: boolean,
  wanted: readonly string[],
): string | null {
  if (chosen === "off") return null;
  if (chosen) return suiting(languages, [chosen]);
  return muted ? suiting(languages, wanted) : null;
}

/** What a language calls itself: "português (Brasil)". */
export function ownName(tag: string): string {
  const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
