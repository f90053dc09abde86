import { describe, expect, it } from "vitest";
import { emptyForm, formOf, queryOf } from "./query-form";

describe("the advanced search", () => {
  it("takes a query apart into its fields", () => {
    const query = 'rooks "old harbour" (gull OR crow) -cat from:ana since:2026-01-01 has:image min_likes:3';
    expect(formOf(`${query} filter:follows`)).toEqual({
      ...emptyForm,
      words: "rooks",
      phrase: "old harbour",
      any: "gull crow",
      none: "cat",
      from: "ana",
      since: "2026-01-01",
      has: "image",
      min_likes: "3",
      follows: true,
    });
  });

  it.each([
    "rooks",
    "rooks harbour -cat",
    '"old harbour" lang:en',
    "(gull OR crow) to:ben",
    "gull OR crow",
    "from:ana from:ben",
    "#rook @ana $CAW",
    "-(gull OR crow) nest",
    "url:example.org is:reply until:2026-02-03 min_reposts:2",
  ])("asks for the same terms again: %s", (query) => {
    const made = queryOf(formOf(query));
    expect(made.split(/\s+/).sort()).toEqual(query.split(/\s+/).sort());
  });

  it("puts parentheses around an OR that stands beside something else", () => {
    expect(queryOf({ ...emptyForm, words: "gull OR crow", from: "@ana" })).toBe("(gull OR crow) from:ana");
  });

  it("lets no field break out of its place", () => {
    expect(queryOf({ ...emptyForm, phrase: 'a" OR "b', none: "(x) --y" })).toBe('"a  OR  b" -x -y');
  });
});
