/** The terms of a query as they stand in it: quotes and parentheses hold together what is inside of them. */

export const operatorNames = [
  "from",
  "to",
  "since",
  "until",
  "has",
  "is",
  "lang",
  "min_likes",
  "min_reposts",
  "url",
  "conversation_id",
  "filter",
] as const;

/** The terms of a query at its top level. What cannot be read stays as it is, for the server to refuse. */
export function termsOf(query: string): string[] {
  const terms: string[] = [];
  let term = "";
  let depth = 0;
  let quoted = false;
  for (const character of query) {
    if (character === '"') quoted = !quoted;
    if (!quoted && character === "(") depth += 1;
    if (!quoted && character === ")") depth -= 1;
    if (/\s/.test(character) && !quoted && depth <= 0) {
      if (term) terms.push(term);
      term = "";
    } else {
      term += character;
    }
  }
  if (term) terms.push(term);
  return terms;
}

/** Name and value of `from:ana`; null for what is no operator, such as `re:invent`. */
export function operatorOf(term: string): { name: string; value: string } | null {
  const [, name = "", value = ""] = /^([a-z_]+):(.*)$/is.exec(term) ?? [];
  const known = operatorNames.find((operator) => operator === name.toLowerCase());
  return known ? { name: known, value } : null;
}

const isNegated = (term: string) => term.startsWith("-");
const bare = (term: string) => term.replace(/^[@＠#＃$]/, "");

/** What a query says about names: its words without operators, exclusions and signs. */
export function wordsOf(query: string): string {
  return termsOf(query)
    .filter((term) => term !== "OR" && !isNegated(term) && !operatorOf(term))
    .map((term) => bare(term.replaceAll(/["()]/g, " ").trim()))
    .filter(Boolean)
    .join(" ");
}

/** The terms that narrow a query beside its words; without one of them there may be more to find. */
export function narrowingTerms(query: string): string[] {
  return termsOf(query).filter((term) => isNegated(term) || operatorOf(term) || term.startsWith('"'));
}

/** The query without one of its terms. */
export function withoutTerm(query: string, term: string): string {
  const terms = termsOf(query);
  const at = terms.indexOf(term);
  return terms.filter((_, index) => index !== at).join(" ");
}
