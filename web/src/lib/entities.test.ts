import { describe, expect, it } from "vitest";
import type { Entities } from "@/api/types";
import { safeHref, segmentContent, shortUrl, utf16Offsets } from "./entities";

const none: Entities = { mentions: [], hashtags: [], cashtags: [], urls: [] };

describe("utf16Offsets", () => {
  it("maps code points to UTF-16 positions, and the end too", () => {
    expect(utf16Offsets("a🐦b")).toEqual([0, 1, 3, 4]);
    expect(utf16Offsets("")).toEqual([0]);
  });
});

describe("segmentContent", () => {
  it("cuts at code points, not at UTF-16 units, after astral characters", () => {
    const content = "🐦🐦 hi @ana 🎉 #rooks";
    const entities: Entities = {
      ...none,
      mentions: [{ username: "ana", user_id: "1", start: 6, end: 10 }],
      hashtags: [{ tag: "rooks", start: 13, end: 19 }],
    };
    expect(segmentContent(content, entities)).toEqual([
      { kind: "text", text: "🐦🐦 hi " },
      { kind: "mention", text: "@ana", username: "ana" },
      { kind: "text", text: " 🎉 " },
      { kind: "hashtag", text: "#rooks", tag: "rooks" },
    ]);
  });

  it("keeps joined emoji and combining marks in one piece", () => {
    const content = "👩‍🚀é @x";
    const start = Array.from(content).length - 2;
    const entities = { ...none, mentions: [{ username: "x", user_id: null, start, end: start + 2 }] };
    expect(segmentContent(content, entities).map((piece) => piece.text)).toEqual(["👩‍🚀é ", "@x"]);
  });

  it("orders spans of different kinds and rebuilds the text", () => {
    const content = "$ACME then @ben";
    const entities: Entities = {
      ...none,
      mentions: [{ username: "ben", user_id: null, start: 11, end: 15 }],
      cashtags: [{ symbol: "ACME", start: 0, end: 5 }],
    };
    const pieces = segmentContent(content, entities);
    expect(pieces.map((piece) => piece.kind)).toEqual(["cashtag", "text", "mention"]);
    expect(pieces.map((piece) => piece.text).join("")).toBe(content);
  });

  it("shortens what is shown of a link, not where it leads", () => {
    const url = "https://www.example.org/a/very/long/path/that/never/ends?x=1";
    const [piece] = segmentContent(url, { ...none, urls: [{ url, start: 0, end: url.length }] });
    expect(piece).toEqual({ kind: "url", href: url, text: "example.org/a/very/long/path/th…" });
  });

  it("leaves overlapping and out-of-range spans as text", () => {
    const entities: Entities = {
      ...none,
      mentions: [{ username: "ana", user_id: null, start: 0, end: 4 }],
      hashtags: [
        { tag: "na", start: 2, end: 4 },
        { tag: "far", start: 90, end: 99 },
      ],
    };
    expect(segmentContent("@ana!", entities).map((piece) => piece.text)).toEqual(["@ana", "!"]);
  });

  it("never links a script", () => {
    const url = "javascript://example.org/%0aalert(1)";
    const pieces = segmentContent(url, { ...none, urls: [{ url, start: 0, end: url.length }] });
    expect(pieces).toEqual([{ kind: "text", text: url }]);
  });
});

describe("safeHref", () => {
  it.each([
    ["example.org/x", "https://example.org/x"],
    ["http://example.org", "http://example.org/"],
    ["ftp://example.org", null],
    ["javascript:alert(1)", null],
    ["https://", null],
  ])("turns %s into %s", (url, href) => expect(safeHref(url)).toBe(href));
});

describe("shortUrl", () => {
  it("counts characters, not UTF-16 units", () => {
    expect(shortUrl(`https://e.org/${"🐦".repeat(40)}`, 10)).toBe("e.org/🐦🐦🐦…");
  });
});

describe("marks", () => {
  it("cut the text at code points and mark links as a whole", () => {
    const content = "🐦 rook @ana nest";
    const entities: Entities = {
      ...none,
      mentions: [{ username: "ana", user_id: "1", start: 7, end: 11 }],
    };
    const marks = [
      { start: 2, end: 4 },
      { start: 8, end: 9 },
      { start: 12, end: 99 },
    ];
    expect(segmentContent(content, entities, marks)).toEqual([
      { kind: "text", text: "🐦 " },
      { kind: "text", text: "ro", marked: true },
      { kind: "text", text: "ok " },
      { kind: "mention", text: "@ana", username: "ana", marked: true },
      { kind: "text", text: " " },
      { kind: "text", text: "nest", marked: true },
    ]);
  });

  it("may reach over a link", () =>
    expect(
      segmentContent("a #b c", { ...none, hashtags: [{ tag: "b", start: 2, end: 4 }] }, [
        { start: 0, end: 6 },
      ]).every(({ marked }) => marked),
    ).toBe(true));
});
