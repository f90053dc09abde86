import { describe, expect, it } from "vitest";
import { narrowingTerms, operatorOf, termsOf, withoutTerm, wordsOf } from "./terms";

describe("termsOf", () => {
  it.each([
    ["", []],
    ["  a  b ", ["a", "b"]],
    ['a "b c" d', ["a", '"b c"', "d"]],
    ['-"b c" -(d OR (e f)) g', ['-"b c"', "-(d OR (e f))", "g"]],
    ['"(" a', ['"("', "a"]],
    ['a "never closed', ["a", '"never closed']],
    ["a) b", ["a)", "b"]],
  ])("cuts %j", (query, terms) => expect(termsOf(query)).toEqual(terms));
});

describe("operatorOf", () => {
  it("knows operators in any case, and nothing else with a colon", () => {
    expect(operatorOf("From:Ana")).toEqual({ name: "from", value: "Ana" });
    expect(operatorOf("re:invent")).toBeNull();
    expect(operatorOf("-from:ana")).toBeNull();
  });
});

describe("wordsOf", () => {
  it.each([
    ["rook from:ana -crow", "rook"],
    ['"early bird" OR #nest', "early bird nest"],
    ["@ana", "ana"],
    ["from:ana has:link", ""],
  ])("finds in %s the words %j", (query, words) => expect(wordsOf(query)).toBe(words));
});

describe("what could be left out", () => {
  it("is what narrows, each once", () => {
    expect(narrowingTerms('rook "early bird" from:ana -crow')).toEqual(['"early bird"', "from:ana", "-crow"]);
    expect(withoutTerm("a from:ana b from:ana", "from:ana")).toBe("a b from:ana");
  });
});
