import { expect, it } from "vitest";
import type { Suggestion, UserBrief } from "@/api/types";
import { reasonText } from "./words";

const ana: UserBrief = {
  id: "1",
  username: "ana",
  display_name: "Ana",
  avatar_url: null,
  protected: false,
};
const why = (change: Partial<Suggestion["why"]>): Suggestion["why"] => ({
  source: "network",
  via: [],
  via_count: 0,
  terms: [],
  followers_count: null,
  ...change,
});

it.each([
  [why({ via: [ana], via_count: 4 }), "Followed by Ana and 3 others you follow"],
  [why({ via_count: 2 }), "Followed by 2 people you follow"],
  [why({ source: "similar", terms: ["nest"] }), "You share nest"],
  [
    why({ source: "similar", terms: ["nest", "#rooks", "eggs"], via_count: 2 }),
    "You share nest, #rooks and eggs",
  ],
  [why({ source: "similar" }), "Writes about what you like"],
  [why({ source: "popular", followers_count: 1234 }), "1.2K followers"],
  [why({ source: "popular", followers_count: 1 }), "1 follower"],
  [why({ source: "popular" }), "Popular on Rookery"],
])("tells of %j", (reasons, text) => expect(reasonText(reasons)).toBe(text));
