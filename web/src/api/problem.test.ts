import { describe, expect, it } from "vitest";
import { ApiError, messageOf } from "./problem";

const refused = (field: string, message: string) =>
  new ApiError(400, { detail: `${field}: ${message}`, errors: [{ field, code: "invalid", message }] });

describe("what the API refuses", () => {
  it.each([
    ["username", "is taken", "This username is taken."],
    ["username", "must be 1 to 20 letters", "This username must be 1 to 20 letters."],
    ["email", "belongs to an account", "This e-mail address belongs to an account."],
    ["email", "The address is too long.", "The address is too long."],
    ["new_password", "is too easy to guess. Add a word.", "This password is too easy to guess. Add a word."],
    ["current_password", "is not your password", "This is not your password."],
    ["token", "is no link that still holds", "This link no longer works. Ask for a new one."],
    ["avatar_url", "is required", "The avatar url is required."],
  ])("is said in full sentences: %s %s", (field, message, sentence) => {
    const error = refused(field, message);
    expect(error.fields[field]).toBe(sentence);
    expect(messageOf(error)).toBe(sentence);
  });

  it("does not tell which part of a sign-in was wrong", () => {
    const error = new ApiError(401, { code: "invalid_credentials", title: "Login or password is wrong" });
    expect(messageOf(error)).toBe("Username, e-mail or password is wrong.");
  });
});
