import { describe, expect, it } from "vitest";
import { emptyForm, formOf, type QueryForm, queryOf } from "./query-form";

const form = (change: Partial<QueryForm>): QueryForm => ({ ...emptyForm, ...change });

describe("queryOf", () => {
  it.each([
    [form({}), ""],
    [form({ words: "  rook nest " }), "rook nest"],
    [form({ phrase: 'early "bird"' }), '"early  bird"'],
    [form({ any: "rook crow" }), "(rook OR crow)"],
    [form({ any: "rook" }), "rook"],
    [form({ none: "pigeon -dove -" }), "-pigeon -dove"],
    [form({ words: "a OR b" }), "a OR b"],
    [form({ words: "a OR b", from: "@ana" }), "(a OR b) from:ana"],
    [
      form({ words: "#birds", from: "ana", since: "2026-01-31", has: "image", min_likes: "10", lang: "en" }),
      "#birds from:ana since:2026-01-31 has:image lang:en min_likes:10",
    ],
    [form({ words: "nest", follows: true }), "nest filter:follows"],
  ])("writes %j", (fields, query) => expect(queryOf(fields)).toBe(query));
});

describe("formOf", () => {
  it("sorts a query into its fields", () =>
    expect(formOf('rook FROM:ana "early bird" (a OR b) -x -y lang:en filter:follows')).toEqual(
      form({
        words: "rook",
        from: "ana",
        phrase: "early bird",
        any: "a b",
        none: "x y",
        lang: "en",
        follows: true,
      }),
    ));

  it("keeps among the words what has no field, or comes a second time", () =>
    expect(formOf('from:ana from:ben "one" "two" url:x.org -has:link (a "b c") re:invent')).toEqual(
      form({
        from: "ana",
        phrase: "one",
        words: 'from:ben "two" url:x.org -has:link (a "b c") re:invent',
      }),
    ));

  it("does not take an OR at the top apart", () =>
    expect(formOf("rook from:ana OR crow")).toEqual(form({ words: "rook from:ana OR crow" })));
});

describe("a round trip", () => {
  it.each([
    "rook",
    "rook nest #birds @ana",
    '"early bird" -pigeon from:ana',
    "(rook OR crow) nest since:2026-01-31 until:2026-02-28",
    "rook OR crow",
    "from:ana from:ben",
    '-"not this" -(a b) -has:link',
    "url:example.org conversation_id:12 filter:follows",
    "min_likes:10 min_reposts:5 has:media is:reply lang:de to:ben",
    'unclosed "quote from:ana',
    "((a OR b) c) d",
  ])("loses and adds no term of %s", (query) => {
    const again = queryOf(formOf(query));
    const terms = (text: string) => text.split(" ").sort();
    expect(terms(again)).toEqual(terms(query));
    expect(terms(queryOf(formOf(again)))).toEqual(terms(query));
  });
});
