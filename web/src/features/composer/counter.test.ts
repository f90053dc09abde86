import { describe, expect, it } from "vitest";
import { count, highlight, weightedLimit } from "./counter";

describe("count", () => {
  it("weighs Latin letters once and ideographs twice", () => {
    expect(count("abc").length).toBe(3);
    expect(count("港町").length).toBe(4);
  });

  it("weighs every address alike, however long", () => {
    expect(count(`https://example.org/${"x".repeat(90)}`).length).toBe(23);
  });

  it("weighs an emoji sequence as one", () => {
    expect(count("👩‍🚀").length).toBe(2);
  });

  it("cannot send nothing or blanks", () => {
    expect(count("").sendable).toBe(false);
    expect(count("  \n ").sendable).toBe(false);
  });

  it.each([
    [260, "near", true],
    [259, "fine", false],
    [280, "near", true],
    [281, "over", true],
  ])("shows %i characters as %s", (length, state, showNumber) => {
    const counted = count("a".repeat(length));
    expect(counted).toMatchObject({ state, showNumber, remaining: weightedLimit - length });
    expect(counted.sendable).toBe(length <= weightedLimit);
  });

  it("closes the ring at the limit and no further", () => {
    expect(count("a".repeat(140)).share).toBe(0.5);
    expect(count("a".repeat(500)).share).toBe(1);
  });

  it("knows where the text becomes too long, in UTF-16 units", () => {
    expect(count("a".repeat(285)).overFrom).toBe(280);
    const birds = count("🐦".repeat(150));
    expect(birds.overFrom).toBe(280);
    expect(birds.state).toBe("over");
  });
});

describe("highlight", () => {
  const kinds = (text: string) =>
    highlight(text, count(text).overFrom).map(({ kind, text: part }) => [kind, part]);

  it("marks entities behind astral characters", () => {
    expect(kinds("🐦 @ana and #rooks!")).toEqual([
      ["text", "🐦 "],
      ["entity", "@ana"],
      ["text", " and "],
      ["entity", "#rooks"],
      ["text", "!"],
    ]);
  });

  it("marks what is too long, and is the draft again when joined", () => {
    const text = `@ana ${"b".repeat(300)}`;
    const pieces = highlight(text, count(text).overFrom);
    expect(pieces.at(-1)).toEqual({ kind: "over", text: "b".repeat(25) });
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  });
});
