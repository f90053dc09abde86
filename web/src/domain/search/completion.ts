/** Which part of what was typed suggestions complete, and what becomes of the text when one is chosen. */
import type { FoundHashtag, Typeahead } from "@/api/types";
import { operatorOf } from "./terms";

type SuggestedUser = Typeahead["users"][number];
type SuggestedOperator = Typeahead["operators"][number];

export type Choice =
  | { kind: "recent"; query: string }
  | { kind: "user"; user: SuggestedUser }
  | { kind: "hashtag"; hashtag: FoundHashtag }
  | { kind: "operator"; operator: SuggestedOperator };

/** What choosing does: writes on in the box, searches, or opens a profile. */
export type Outcome = { type: string } | { search: string } | { profile: string };

interface Completion {
  /** What the API is asked for; empty for nothing. */
  term: string;
  /** The text in front of what is completed. */
  before: string;
  /** A choice stands for the whole text, not for its last word. */
  whole: boolean;
  wants: { users: boolean; hashtags: boolean; operators: boolean };
}

const longestTerm = 100;
const people = { users: true, hashtags: false, operators: false };

/** The last word, and what stands in front of it together with its minus and parentheses. */
function lastWord(text: string): { before: string; last: string } {
  const start = text.search(/\S*$/);
  const signs = /^[-(]*/.exec(text.slice(start))?.[0].length ?? 0;
  return { before: text.slice(0, start + signs), last: text.slice(start + signs) };
}

export function completionOf(text: string): Completion {
  const { before, last } = lastWord(text);
  const operator = operatorOf(last);
  if (operator?.name === "from" || operator?.name === "to") {
    const name = operator.value.replace(/^@/, "");
    return { term: name && `@${name}`, before: `${before}${operator.name}:`, whole: false, wants: people };
  }
  const alone = before.trim() === "";
  if (/^[@＠]/.test(last)) return { term: last.length > 1 ? last : "", before, whole: alone, wants: people };
  if (/^[#＃]/.test(last)) {
    const wants = { users: false, hashtags: true, operators: false };
    return { term: last.length > 1 ? last : "", before, whole: alone, wants };
  }
  // Names may have several words; with signs in it, the text is more than a name.
  const isName = !/["():#$-]/.test(text) && last !== "";
  if (isName && text.trim().length <= longestTerm) {
    const wants = { users: true, hashtags: alone, operators: true };
    return { term: text.trim(), before, whole: true, wants };
  }
  const wants = { users: false, hashtags: false, operators: true };
  return { term: last.length <= longestTerm ? last : "", before, whole: false, wants };
}

export function outcomeOf(choice: Choice, text: string): Outcome {
  const { before, whole } = completionOf(text);
  if (choice.kind === "recent") return { search: choice.query };
  if (choice.kind === "operator") return { type: `${before}${choice.operator.name}` };
  if (choice.kind === "hashtag")
    return whole ? { search: `#${choice.hashtag.tag}` } : { type: `${before}#${choice.hashtag.tag} ` };
  if (whole) return { profile: choice.user.username };
  const sign = before.endsWith(":") ? "" : "@";
  return { type: `${before}${sign}${choice.user.username} ` };
}
