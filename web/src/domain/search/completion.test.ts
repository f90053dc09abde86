import { describe, expect, it } from "vitest";
import { type Choice, completionOf, outcomeOf } from "./completion";

const user = (username: string) => ({ kind: "user", user: { username } }) as Choice;
const hashtag = (tag: string) => ({ kind: "hashtag", hashtag: { tag } }) as Choice;
const operator = (name: string) => ({ kind: "operator", operator: { name } }) as Choice;

describe("completionOf", () => {
  it.each([
    ["an", "an", { users: true, hashtags: true, operators: true }],
    ["ana ma", "ana ma", { users: true, hashtags: false, operators: true }],
    ["rooks from:an", "@an", { users: true, hashtags: false, operators: false }],
    ["rooks #ne", "#ne", { users: false, hashtags: true, operators: false }],
    ["rooks -fr", "fr", { users: false, hashtags: false, operators: true }],
    ["#", "", { users: false, hashtags: true, operators: false }],
  ])("of %s asks for %s", (text, term, wants) => {
    expect(completionOf(text)).toMatchObject({ term, wants });
  });
});

describe("outcomeOf", () => {
  it("opens the profile of somebody who is the whole text, and writes them into a longer one", () => {
    expect(outcomeOf(user("ana"), "an")).toEqual({ profile: "ana" });
    expect(outcomeOf(user("ana"), "rooks from:an")).toEqual({ type: "rooks from:ana " });
    expect(outcomeOf(user("ana"), "rooks @an")).toEqual({ type: "rooks @ana " });
  });

  it("searches a hashtag that stands alone", () => {
    expect(outcomeOf(hashtag("nest"), "#ne")).toEqual({ search: "#nest" });
    expect(outcomeOf(hashtag("nest"), "rooks #ne")).toEqual({ type: "rooks #nest " });
  });

  it("goes on behind an operator, its minus kept", () => {
    expect(outcomeOf(operator("from:"), "rooks -fr")).toEqual({ type: "rooks -from:" });
  });
});
