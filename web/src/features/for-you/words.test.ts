import { describe, expect, it } from "vitest";
import type { RankedItem, UserBrief, Why } from "@/api/types";
import { hoursText, reasonOf, shareText, signalWords, sourceText, weightText, weightWords } from "./words";

const user = (name: string): UserBrief => ({
  id: name,
  username: name.toLowerCase(),
  display_name: name,
  avatar_url: null,
  protected: false,
});
const why = (change: Partial<Why>): Pick<RankedItem, "author" | "why"> => ({
  author: user("Zoe"),
  why: { source: "following", via: [], via_count: 0, hashtag: null, score: 1, signals: [], ...change },
});
const ana = user("Ana");

describe("reasonOf", () => {
  it("tells who vouches for a post from around", () => {
    const item = why({ source: "network", via: [ana], via_count: 4 });
    expect(reasonOf(item)).toBe("Liked or reposted by Ana and 3 others you follow");
    expect(sourceText(item)).toContain("You do not follow Zoe, but Ana and 3 others");
  });

  it("still tells when none of them may be named", () =>
    expect(reasonOf(why({ source: "network" }))).toBe("Liked or reposted by people you follow"));

  it("names the hashtag, if it is still known", () => {
    expect(reasonOf(why({ source: "trending", hashtag: "python" }))).toBe("Popular in #python");
    expect(reasonOf(why({ source: "trending" }))).toBe("Popular on Rookery");
    expect(sourceText(why({ source: "trending" }))).not.toContain("#");
  });

  it("takes the strongest signal that lifted a followed author's post, past its age", () => {
    const signals: Why["signals"] = [
      { name: "recency", share: 0.5 },
      { name: "velocity", share: 0.3 },
      { name: "affinity", share: 0.1 },
    ];
    expect(reasonOf(why({ signals }))).toBe("Getting more attention than usual for Zoe");
    expect(reasonOf(why({ signals: signals.toReversed() }))).toBe("Because you often interact with Zoe");
  });

  it("never takes what lowered it for a reason", () =>
    expect(reasonOf(why({ signals: [{ name: "seen", share: -0.6 }] }))).toBe("You follow Zoe"));

  it("names who vouches for a followed author's post where that weighs most", () => {
    const item = why({ via: [ana], via_count: 1, signals: [{ name: "network", share: 0.4 }] });
    expect(reasonOf(item)).toBe("Liked or reposted by Ana");
    expect(sourceText(item)).toBe("You follow Zoe. Ana liked or reposted this post.");
  });
});

describe("texts of numbers", () => {
  it("give shares their sign, and never call something nothing", () => {
    expect([0.42, -0.18, 0.001, -0.004].map(shareText)).toEqual(["+42 %", "−18 %", "+<1 %", "−<1 %"]);
  });

  it("put weights beside their default", () => {
    expect([0, 1, 1.5, 0.05].map((value) => weightText(value, 1))).toEqual([
      "Off",
      "Default",
      "1.5 × default",
      "0.05 × default",
    ]);
  });

  it("count in days from two on", () => {
    expect([1, 36, 48, 168, 5.5].map(hoursText)).toEqual([
      "1 hour",
      "36 hours",
      "2 days",
      "7 days",
      "5.5 hours",
    ]);
  });
});

it("has words for every weight among the signals", () => {
  const names = weightWords.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(Object.keys(signalWords)).toContain(name);
});
