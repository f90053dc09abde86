import { describe, expect, it } from "vitest";
import { type Choice, completionOf, outcomeOf } from "./completion";

const user: Choice = {
  kind: "user",
  user: {
    id: "1",
    username: "ana",
    display_name: "Ana",
    avatar_url: null,
    protected: false,
    following: false,
  },
};
const hashtag: Choice = { kind: "hashtag", hashtag: { tag: "rooks", posts_count: 3, authors_count: 2 } };
const operator: Choice = {
  kind: "operator",
  operator: { name: "from:", expected: "a username", example: "from:ana", help: "written by an account" },
};

describe("completionOf", () => {
  it.each([
    ["", ""],
    ["ana mar", "ana mar"],
    ["@an", "@an"],
    ["rook #ne", "#ne"],
    ["rook from:an", "@an"],
    ["from:@an", "@an"],
    ["from:", ""],
    ["from:ana ha", "ha"],
    ["-(fro", "fro"],
    ["rook ", ""],
    ["@", ""],
  ])("asks for %j by %j", (text, term) => expect(completionOf(text).term).toBe(term));

  it("asks for people only behind from: and @", () => {
    expect(completionOf("from:an").wants).toEqual({ users: true, hashtags: false, operators: false });
    expect(completionOf("x @an").wants).toEqual({ users: true, hashtags: false, operators: false });
  });

  it("never asks for more than the API takes", () => {
    expect(completionOf("word ".repeat(30).trim()).term).toBe("word");
    expect(completionOf("x".repeat(101)).term).toBe("");
  });
});

describe("outcomeOf", () => {
  it.each([
    [user, "ana", { profile: "ana" }],
    [user, "@an", { profile: "ana" }],
    [user, "rook @an", { type: "rook @ana " }],
    [user, "rook -from:an", { type: "rook -from:ana " }],
    [hashtag, "roo", { search: "#rooks" }],
    [hashtag, "#roo", { search: "#rooks" }],
    [hashtag, "nest #roo", { type: "nest #rooks " }],
    [operator, "nest fr", { type: "nest from:" }],
    [operator, "nest -(fr", { type: "nest -(from:" }],
    [{ kind: "recent", query: "a b" } as Choice, "", { search: "a b" }],
  ])("makes of %j after %j", (choice, text, outcome) => expect(outcomeOf(choice, text)).toEqual(outcome));
});
