/** The advanced search as fields, and as the query that they make. */
import { operatorOf, termsOf } from "@/domain/search/terms";

export interface QueryForm {
  /** All of these, and whatever has no field of its own. */
  words: string;
  phrase: string;
  any: string;
  none: string;
  from: string;
  to: string;
  since: string;
  until: string;
  has: string;
  is: string;
  lang: string;
  min_likes: string;
  min_reposts: string;
  follows: boolean;
}

export const emptyForm: QueryForm = {
  words: "",
  phrase: "",
  any: "",
  none: "",
  from: "",
  to: "",
  since: "",
  until: "",
  has: "",
  is: "",
  lang: "",
  min_likes: "",
  min_reposts: "",
  follows: false,
};

const operatorFields = [
  "from",
  "to",
  "since",
  "until",
  "has",
  "is",
  "lang",
  "min_likes",
  "min_reposts",
] as const;
type OperatorField = (typeof operatorFields)[number];

const isOperatorField = (name: string): name is OperatorField =>
  (operatorFields as readonly string[]).includes(name);

const split = (text: string) => text.split(/\s+/).filter(Boolean);
const isPlain = (word: string) => /^[^\s"()-][^\s"()]*$/.test(word) && word !== "OR" && !operatorOf(word);

/** The words of `(a OR b)`, or null where anything else stands in the parentheses. */
function alternativesOf(term: string): string[] | null {
  const inside = /^\(([^()"]*)\)$/.exec(term)?.[1];
  if (inside === undefined) return null;
  const words = inside.split(/\s+OR\s+/).map((word) => word.trim());
  return words.length > 1 && words.every(isPlain) ? words : null;
}

/** Puts a term into its field when that is free; what has none, or comes twice, stays among the words. */
function place(form: QueryForm, term: string): QueryForm {
  const operator = operatorOf(term);
  if (operator?.name === "filter" && operator.value.toLowerCase() === "follows")
    return { ...form, follows: true };
  if (operator && isOperatorField(operator.name) && operator.value && !form[operator.name])
    return { ...form, [operator.name]: operator.value };
  const phrase = /^"([^"]+)"$/.exec(term)?.[1]?.trim();
  if (phrase && !form.phrase) return { ...form, phrase };
  const alternatives = alternativesOf(term);
  if (alternatives && !form.any) return { ...form, any: alternatives.join(" ") };
  if (term.startsWith("-") && isPlain(term.slice(1)))
    return { ...form, none: `${form.none} ${term.slice(1)}`.trim() };
  return { ...form, words: `${form.words} ${term}`.trim() };
}

/** The fields of a query. An OR outside of parentheses cannot be taken apart: the whole query is then words. */
export function formOf(query: string): QueryForm {
  const terms = termsOf(query);
  if (terms.includes("OR")) return { ...emptyForm, words: terms.join(" ") };
  return terms.reduce(place, emptyForm);
}

/** OR binds less than standing side by side, so words with one need parentheses beside anything else. */
const grouped = (words: string, alone: boolean) =>
  !alone && termsOf(words).includes("OR") ? `(${words})` : words;

/** The query that the fields make; `queryOf(formOf(query))` asks for the same as `query`. */
export function queryOf(form: QueryForm): string {
  const phrase = form.phrase.replaceAll('"', " ").trim();
  const alternatives = split(form.any.replaceAll(/["()]/g, " ")).filter((word) => word !== "OR");
  const others = [
    phrase && `"${phrase}"`,
    alternatives.length > 1 ? `(${alternatives.join(" OR ")})` : (alternatives[0] ?? ""),
    ...split(form.none.replaceAll(/["()]/g, " ")).map((word) => `-${word.replace(/^-+/, "")}`),
    ...operatorFields.map((name) => form[name].trim() && `${name}:${form[name].trim().replace(/^@/, "")}`),
    form.follows && "filter:follows",
  ].filter((part) => part && part !== "-");
  const words = form.words.trim();
  return [words && grouped(words, others.length === 0), ...others].filter(Boolean).join(" ");
}
