import type { Suggestion } from "@/api/types";
import { compactNumber, plural } from "@/lib/numbers";
import { viaText } from "../users/via-text";

/** "nests", "nests and #rooks", "nests, #rooks and eggs". */
function listText(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Why an account is suggested, in one line; what the server leaves open is left unsaid. */
export function reasonText({ source, via, via_count, terms, followers_count }: Suggestion["why"]): string {
  const people = viaText({ via, via_count });
  const subjects = terms.length > 0 ? `You share ${listText(terms)}` : null;
  if (source === "similar") return subjects ?? "Writes about what you like";
  if (people) return `Followed by ${people}`;
  if (followers_count) return `${compactNumber(followers_count)} ${plural(followers_count, "follower")}`;
  return "Popular on Rookery";
}
