import { expect, it } from "vitest";
import { nextOption } from "./combobox";

it("goes round, with a stop at the text", () => {
  const down = [-1, 0, 1].map((active) => nextOption(active, "ArrowDown", 2));
  expect(down).toEqual([0, 1, -1]);
  const up = [-1, 1, 0].map((active) => nextOption(active, "ArrowUp", 2));
  expect(up).toEqual([1, 0, -1]);
});

it("leaves other keys, and lists without options, alone", () => {
  expect(nextOption(0, "Home", 2)).toBeNull();
  expect(nextOption(-1, "ArrowDown", 0)).toBeNull();
});
