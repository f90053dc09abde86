import { expect, it } from "vitest";
import { linePoints } from "./sparkline";

it("spans the whole box, from zero at its base to the most at its top", () => {
  expect(linePoints([0, 5, 10], 40, 20)).toBe("0,20 20,10 40,0");
});

it("stays at the base where nothing happened, and bears a single point", () => {
  expect(linePoints([0, 0], 40, 20)).toBe("0,20 40,20");
  expect(linePoints([3], 40, 20)).toBe("0,0");
});
