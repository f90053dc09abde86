import { describe, expect, it } from "vitest";
import { runningTime } from "./time";

describe("runningTime", () => {
  it.each([
    [0, "0:00"],
    [6_600, "0:07"],
    [59_900, "1:00"],
    [750_000, "12:30"],
  ])("shows %i ms as %s", (durationMs, shown) => expect(runningTime(durationMs)).toBe(shown));
});
