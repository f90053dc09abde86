import { describe, expect, it } from "vitest";
import { ApiError, type Refusal } from "@/api/problem";
import { refusalOf } from "./refusal";

const refused = (change: Partial<Refusal>) =>
  new ApiError(400, {
    code: "invalid",
    errors: [{ field: "q", code: "unexpected", message: "", position: 0, expected: "a word", ...change }],
  });

describe("refusalOf", () => {
  it("points at the place, counted in code points", () => {
    const query = '🐦 rook "never closed';
    expect(refusalOf(refused({ code: "unclosed", position: 7 }), query)).toEqual({
      before: "🐦 rook ",
      part: '"',
      after: "never closed",
      text: "These quotes are never closed.",
    });
  });

  it("points behind the last character where something is missing", () => {
    const found = refusalOf(refused({ position: 7, expected: "a word" }), "rook OR");
    expect(found).toMatchObject({ before: "rook OR", part: "", after: "" });
    expect(found?.text).toBe("Something is missing at the end: a word.");
  });

  it("says what an operator takes", () => {
    const error = refused({ code: "malformed", position: 12, expected: "a day such as 2026-01-31" });
    expect(refusalOf(error, "rook -since:soon nest")).toEqual({
      before: "rook -since:",
      part: "soon",
      after: " nest",
      text: "since: takes a day such as 2026-01-31, not “soon”.",
    });
  });

  it("falls back to the remark of the API for a code that it does not know", () => {
    const message = "character 1 is not available: there are no lists yet; expected: another operator";
    expect(refusalOf(refused({ code: "not_available", message }), "list:1")?.text).toBe(
      "This is not available: there are no lists yet.",
    );
  });

  it("survives a place outside of the query, and no place at all", () => {
    expect(refusalOf(refused({ position: 99 }), "ab")).toMatchObject({ before: "ab", part: "" });
    expect(refusalOf(refused({ position: null }), "ab")).toMatchObject({ before: "ab", part: "" });
  });

  it("leaves other errors to others", () => {
    expect(refusalOf(new ApiError(503, {}), "a")).toBeNull();
    expect(refusalOf(new Error("x"), "a")).toBeNull();
    expect(
      refusalOf(
        new ApiError(400, { errors: [{ field: "cursor", code: "pattern", message: "is not one" }] }),
        "a",
      ),
    ).toBeNull();
  });
});
