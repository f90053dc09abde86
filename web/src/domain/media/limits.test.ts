import { describe, expect, it } from "vitest";
import { admit, kindOf, moved } from "./limits";

const file = (name: string, type: string, size = 1000) => ({ name, type, size });
const png = (name = "a.png") => file(name, "image/png");
const names = (taken: { file: { name: string } }[]) => taken.map((each) => each.file.name);

describe("kindOf", () => {
  it.each([
    ["a.gif", "image/gif", "gif"],
    ["a.heic", "", "image"],
    ["a.MOV", "", "video"],
    ["a.txt", "text/plain", null],
  ])("takes %s (%s) for %s", (name, type, kind) => expect(kindOf(file(name, type))).toBe(kind));
});

describe("admit", () => {
  it("takes four images and no fifth", () => {
    const { taken, refused } = admit(["image"], ["1", "2", "3", "4"].map(png));
    expect(names(taken)).toEqual(["1", "2", "3"]);
    expect(refused).toEqual(["A post can have up to 4 images, or one GIF, or one video."]);
  });

  it.each([
    [["image"], file("b.gif", "image/gif")],
    [["gif"], png()],
    [["video"], file("b.mp4", "video/mp4")],
  ] as const)("lets nothing stand beside another kind", (present, added) =>
    expect(admit(present, [added])).toMatchObject({
      taken: [],
      refused: [expect.stringContaining("one GIF")],
    }),
  );

  it("refuses what is empty, too large or no picture, and takes the rest", () => {
    const { taken, refused } = admit(
      [],
      [
        file("notes.txt", "text/plain"),
        file("empty.png", "image/png", 0),
        file("huge.png", "image/png", 17 * 2 ** 20),
        png(),
      ],
    );
    expect(names(taken)).toEqual(["a.png"]);
    expect(refused).toEqual([
      "“notes.txt” cannot be added: choose a picture or a video.",
      "“empty.png” is empty.",
      "“huge.png” is too large: at most 16 MB.",
    ]);
  });
});

describe("moved", () => {
  it.each([
    [0, 2, "bca"],
    [2, 0, "cab"],
    [1, 1, "abc"],
    [0, 3, "abc"],
    [0, -1, "abc"],
  ])("moves %i to %i", (from, to, expected) =>
    expect(moved(["a", "b", "c"], from, to).join("")).toBe(expected),
  );
});
