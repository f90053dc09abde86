/** The name that is being typed in a draft, for suggestions; which names become links is for the server to say. */
export interface Token {
  sign: "@" | "#";
  /** What is typed of it so far: up to the caret. */
  name: string;
  /** UTF-16 index of the sign. */
  start: number;
  /** Behind the whole name, also where the caret is in the middle of it. */
  end: number;
}

const longestName = 50;
const typed = /([@＠#＃])([\p{L}\p{M}\p{N}_]+)$/u;
const rest = /^[\p{L}\p{M}\p{N}_]*/u;
/** In front of the sign: a word goes on, or an e-mail address does. Scripts without spaces have a mention after any letter. */
const glued = {
  "@": /[\p{Script=Latin}\p{N}_!#$%&*@＠]$|[\p{L}\p{N}][.+-]$/u,
  "#": /[\p{L}\p{M}\p{N}_&#＃]$/u,
};
const inAddress = /\/|^www\./i;

/** The token in which the caret stands, if it stands in one. */
export function tokenAt(text: string, caret: number): Token | null {
  const before = text.slice(0, caret);
  const [found = "", sign = "", name = ""] = typed.exec(before) ?? [];
  if (!found || name.length > longestName) return null;
  const start = caret - found.length;
  const kind = sign === "@" || sign === "＠" ? "@" : "#";
  const joined = /\S*$/.exec(text.slice(0, start))?.[0] ?? "";
  if (glued[kind].test(joined) || inAddress.test(joined)) return null;
  const end = caret + (rest.exec(text.slice(caret))?.[0].length ?? 0);
  return { sign: kind, name, start, end };
}

/** What to write where, so that `name` stands in the token's place and the next word can be typed. */
export function completed(text: string, { start, end }: Token, name: string) {
  const next = text.charAt(end);
  const spaced = next === "" || next === " ";
  return { start, end: next === " " ? end + 1 : end, insert: spaced ? `${name} ` : name };
}
