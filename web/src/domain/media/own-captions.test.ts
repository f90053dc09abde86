import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/problem";
import { captionsMessage, putCaptions } from "./own-captions";

describe("what is wrong with captions", () => {
  it("begins with the line", () => {
    const message = "line 7: the cue ends before it has begun";
    const refusal = new ApiError(400, {
      code: "invalid",
      errors: [{ field: "body", code: "malformed", message }],
    });
    expect(captionsMessage(refusal)).toBe("Line 7: the cue ends before it has begun.");
  });

  it("is said in words for people, whoever noticed", async () => {
    expect(captionsMessage(new ApiError(413, {}))).toMatch(/too large/);
    expect(captionsMessage(new ApiError(0, {}))).toMatch(/cannot be reached/);
    await expect(putCaptions("1", "en", new File([new Uint8Array(262_145)], "long.vtt"))).rejects.toThrow(
      /too large/,
    );
  });
});
