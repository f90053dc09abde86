import { describe, expect, it } from "vitest";
import { completed, tokenAt } from "./token";

/** The token at the bar. */
const at = (marked: string) => tokenAt(marked.replace("|", ""), marked.indexOf("|"));

describe("tokenAt", () => {
  it.each([
    ["@an|", { sign: "@", name: "an", start: 0, end: 3 }],
    ["hello #ro|", { sign: "#", name: "ro", start: 6, end: 9 }],
    ["hello @an| and others", { sign: "@", name: "an", start: 6, end: 9 }],
    ["line\n#ro|\nline", { sign: "#", name: "ro", start: 5, end: 8 }],
    ["(@an|)", { sign: "@", name: "an", start: 1, end: 4 }],
    [".@an|", { sign: "@", name: "an", start: 1, end: 4 }],
    ["cc:@an|", { sign: "@", name: "an", start: 3, end: 6 }],
    ["@ana,@be|", { sign: "@", name: "be", start: 5, end: 8 }],
    ["你好@an|", { sign: "@", name: "an", start: 2, end: 5 }],
    ["🐦 ＃птиц|", { sign: "#", name: "птиц", start: 3, end: 8 }],
    ["＠an|", { sign: "@", name: "an", start: 0, end: 3 }],
  ])("finds what is typed in %s", (marked, token) => {
    expect(at(marked)).toEqual(token);
  });

  it("asks for what stands before the caret and takes the whole name", () => {
    expect(at("see @an|astasia now")).toEqual({ sign: "@", name: "an", start: 4, end: 14 });
  });

  it.each([
    ["nothing typed yet", "hello @|"],
    ["a caret in front of it", "hello |@ana"],
    ["a caret behind it", "@ana |"],
    ["an e-mail address", "ana@exam|"],
    ["an e-mail address with a dot", "a.b.@exam|"],
    ["a link", "https://example.org/@an|"],
    ["a link with parameters", "https://example.org/?q=@an|"],
    ["a link's fragment", "https://example.org/#fra|"],
    ["a link without a scheme", "example.org/@an|"],
    ["a link with www", "www.example.org@an|"],
    ["a word", "C#sha|"],
    ["a character reference", "&#12|"],
    ["two signs", "@@an|"],
    ["what no name is", `@${"a".repeat(51)}|`],
  ])("finds none in %s", (_, marked) => {
    expect(at(marked)).toBeNull();
  });
});

describe("completed", () => {
  const complete = (marked: string, name: string) => {
    const text = marked.replace("|", "");
    const token = at(marked);
    if (!token) throw new Error("no token");
    const { start, end, insert } = completed(text, token, name);
    return `${text.slice(0, start)}${insert}|${text.slice(end)}`;
  };

  it.each([
    ["hello @an|", "hello @anastasia |"],
    ["hello @an| there", "hello @anastasia |there"],
    ["hello @an|na there", "hello @anastasia |there"],
    ["hello @an|, there", "hello @anastasia|, there"],
    ["hello @an|\nthere", "hello @anastasia|\nthere"],
  ])("writes the name into %s", (before, after) => {
    expect(complete(before, "@anastasia")).toBe(after);
  });
});
