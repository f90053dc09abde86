import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PatchSaver } from "./patch-saver";

type Patch = Record<string, number>;
const delayMs = 500;

let answers: { patch: Patch; accept: () => void; refuse: (error: unknown) => void }[];
const failed = vi.fn();
const saver = () =>
  new PatchSaver<Patch>({
    delayMs,
    merge: (earlier, later) => ({ ...earlier, ...later }),
    send: (patch) =>
      new Promise((resolve, reject) => {
        answers.push({ patch, accept: () => resolve(undefined), refuse: reject });
      }),
    worthKeeping: (error) => error === "unreachable",
    failed,
  });
const sent = () => answers.map(({ patch }) => patch);
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  failed.mockReset();
  answers = [];
});
afterEach(() => void vi.useRealTimers());

describe("PatchSaver", () => {
  it("sends once after the last change, all changes together", async () => {
    const each = saver();
    each.add({ a: 1 });
    await vi.advanceTimersByTimeAsync(delayMs - 1);
    each.add({ a: 2, b: 1 });
    await vi.advanceTimersByTimeAsync(delayMs - 1);
    expect(sent()).toEqual([]);
    expect(each.state.get()).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1);
    expect(sent()).toEqual([{ a: 2, b: 1 }]);
    expect(each.state.get()).toBe("saving");
    answers[0]?.accept();
    await settle();
    expect(each.state.get()).toBe("saved");
  });

  it("has one request under way at most, and sends later changes after it", async () => {
    const each = saver();
    each.add({ a: 1 });
    each.flush();
    each.add({ a: 3 });
    each.flush();
    expect(sent()).toEqual([{ a: 1 }]);
    answers[0]?.accept();
    await settle();
    expect(sent()).toEqual([{ a: 1 }, { a: 3 }]);
  });

  it("keeps what could not be delivered, under what was changed meanwhile", async () => {
    const each = saver();
    each.add({ a: 1, b: 1 });
    each.flush();
    each.add({ b: 2 });
    answers[0]?.refuse("unreachable");
    await settle();
    expect(each.state.get()).toBe("failed");
    expect(failed).toHaveBeenCalledWith("unreachable");
    each.flush();
    expect(sent()[1]).toEqual({ a: 1, b: 2 });
  });

  it("drops what was refused", async () => {
    const each = saver();
    each.add({ a: 99 });
    each.flush();
    answers[0]?.refuse("out of bounds");
    await settle();
    each.flush();
    expect(sent()).toHaveLength(1);
  });

  it("sends nothing where nothing has changed", () => {
    const each = saver();
    each.flush();
    expect(sent()).toEqual([]);
    expect(each.state.get()).toBe("idle");
  });
});
