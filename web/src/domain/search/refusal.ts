/** Where a query cannot be read, and why, in plain words. */
import { isApiError, type Refusal } from "@/api/problem";

export interface QueryRefusal {
  before: string;
  /** The part that is meant; empty at the end of the query. */
  part: string;
  after: string;
  text: string;
}

type Words = (part: string, refusal: Refusal) => string;

const sentences: Record<string, Words> = {
  blank: (part) => (part ? "There is nothing between these quotes." : "There is nothing to search for."),
  unclosed: (part) => (part === '"' ? "These quotes are never closed." : "This parenthesis is never closed."),
  unopened: () => "This parenthesis closes nothing.",
  too_deep: () => "There are too many parentheses inside each other.",
  too_many: (_, { expected }) => `This is too much for one search: it takes ${expected}.`,
  too_long: () => "This search is too long.",
  misplaced: (part) => `“${part}” holds for the whole search, so it cannot stand in an OR or behind a minus.`,
};

/** "character 5 is …; expected: …" without what is shown anyway. */
function remarkOf({ message }: Refusal): string {
  const remark = message.replace(/^character \d+ /, "").replace(/; expected: .*$/s, "");
  return remark === message ? message : `This ${remark}`;
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);

function sentenceFor(part: string, before: string, refusal: Refusal): string {
  const own = sentences[refusal.code]?.(part, refusal);
  if (own) return own;
  if (refusal.code === "malformed") {
    const operator = /(\S+:)$/.exec(before)?.[1] ?? "";
    const wants = `${operator.replace(/^[-(]+/, "")} takes ${refusal.expected}`;
    return part ? `${wants}, not “${part}”.` : `${capital(wants)}.`;
  }
  if (refusal.code === "unexpected" && !part) return `Something is missing at the end: ${refusal.expected}.`;
  if (refusal.code === "unexpected") return `“${part}” cannot stand here. Expected: ${refusal.expected}.`;
  return `${remarkOf(refusal)}.`;
}

/** The signs that are meant for themselves; of anything else, the word up to the next space or parenthesis. */
const partAt = (rest: string) => /^(?:["()]|-(?=[\s-]|$)|[^\s()"]+)/.exec(rest)?.[0] ?? "";

/** What the server says about `query`; null for any other error. Its positions count code points. */
export function refusalOf(error: unknown, query: string): QueryRefusal | null {
  if (!isApiError(error, 400)) return null;
  const refusal = error.refusals.find(({ field }) => field === "q");
  if (!refusal) return null;
  const characters = Array.from(query);
  const at = Math.min(refusal.position ?? characters.length, characters.length);
  const before = characters.slice(0, at).join("");
  const rest = characters.slice(at).join("");
  const part = refusal.code === "too_long" ? rest : partAt(rest);
  return { before, part, after: rest.slice(part.length), text: sentenceFor(part, before, refusal) };
}
