import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/problem";
import { refusalOf } from "./refusal";

const refused = (code: string, position: number | null, expected = "") =>
  new ApiError(400, {
    errors: [
      {
        field: "q",
        code,
        message: `character ${position} is wrong; expected: ${expected}`,
        position,
        expected,
      },
    ],
  } as ConstructorParameters<typeof ApiError>[1]);

describe("refusalOf", () => {
  it("points at the sign that is meant, and says why", () => {
    expect(refusalOf(refused("unclosed", 8), "harbour (rooks")).toEqual({
      before: "harbour ",
      part: "(",
      after: "rooks",
      text: "This parenthesis is never closed.",
    });
  });

  it("counts code points, not the units of a string", () => {
    const refusal = refusalOf(refused("unexpected", 4, "a word"), "🐦🐦🐦 ) x");
    expect(refusal).toMatchObject({ before: "🐦🐦🐦 ", part: ")", after: " x" });
  });

  it("names the operator whose value cannot be read", () => {
    const refusal = refusalOf(refused("malformed", 6, "a date such as 2026-01-31"), "since:yesterday");
    expect(refusal?.part).toBe("yesterday");
    expect(refusal?.text).toBe("since: takes a date such as 2026-01-31, not “yesterday”.");
  });

  it("is nothing for what is no refusal of the query", () => {
    expect(refusalOf(new ApiError(503, {}), "x")).toBeNull();
    expect(refusalOf(new Error("x"), "x")).toBeNull();
  });
});
