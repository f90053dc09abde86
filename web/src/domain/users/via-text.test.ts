import { describe, expect, it } from "vitest";
import type { UserBrief } from "@/api/types";
import { viaText } from "./via-text";

const user = (name: string): UserBrief => ({
  id: name,
  username: name.toLowerCase(),
  display_name: name,
  avatar_url: null,
  protected: false,
});
const ana = user("Ana");
const ben = user("Ben");

describe("viaText", () => {
  it.each([
    [[ana], 1, "Ana"],
    [[ana, ben], 2, "Ana and Ben"],
    [
      [
        { ...ana, display_name: "Uma" },
        { ...ben, display_name: "Uma" },
      ],
      2,
      "@ana and @ben",
    ],
    [[ana, ben], 4, "Ana and 3 others you follow"],
    [[ana], 2, "Ana and 1 other you follow"],
    [[], 2, "2 people you follow"],
  ])("names the first of %j of %i", (via, via_count, text) => expect(viaText({ via, via_count })).toBe(text));

  it("is silent where nobody is to be named", () => expect(viaText({ via: [], via_count: 0 })).toBeNull());

  it("falls back to the username", () =>
    expect(viaText({ via: [{ ...ana, display_name: "" }], via_count: 1 })).toBe("ana"));
});
