import { expect, it } from "vitest";
import { nextOption } from "./combobox";

it("goes around through the options and the text itself", () => {
  const down = [-1, 0, 1, 2].map((active) => nextOption(active, "ArrowDown", 3));
  expect(down).toEqual([0, 1, 2, -1]);
  const up = [-1, 2, 1, 0].map((active) => nextOption(active, "ArrowUp", 3));
  expect(up).toEqual([2, 1, 0, -1]);
});

it("leaves all other keys, and a list without options, alone", () => {
  expect(nextOption(0, "Home", 3)).toBeNull();
  expect(nextOption(-1, "ArrowDown", 0)).toBeNull();
});
