import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { batchMs, dwellMs, mostPerBatch, SeenReporter } from "./seen";

let report: (element: Element, inView: boolean) => void;
let shown: boolean;
let reachable: boolean;
let observed: Set<Element>;
let sent: { ids: string[]; leaving: boolean }[];
let seen: SeenReporter;

beforeEach(() => {
  vi.useFakeTimers();
  shown = true;
  reachable = true;
  observed = new Set();
  sent = [];
  seen = new SeenReporter({
    send: async (ids, leaving) => {
      sent.push({ ids, leaving });
      if (!reachable) throw new Error("unreachable");
    },
    observer: (listener) => {
      report = listener;
      return {
        observe: (element) => void observed.add(element),
        unobserve: (element) => void observed.delete(element),
      };
    },
    shown: () => shown,
  });
});
afterEach(() => void vi.useRealTimers());

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function see(id: string) {
  const element = document.createElement("article");
  const stop = seen.watch(element, id);
  report(element, true);
  return { element, stop };
}

describe("SeenReporter", () => {
  it("reports a post that stayed for a second, in a batch with others", async () => {
    see("1");
    await wait(500);
    see("2");
    await wait(dwellMs + batchMs);
    expect(sent).toEqual([{ ids: ["1", "2"], leaving: false }]);
  });

  it("passes over what was scrolled by, or taken out of the document, before a second", async () => {
    const { element } = see("1");
    const { stop } = see("2");
    await wait(dwellMs - 1);
    report(element, false);
    stop();
    expect(observed.size).toBe(1);
    await wait(dwellMs + batchMs);
    expect(sent).toEqual([]);
  });

  it("reports nothing twice, whether it comes back or is ranked again", async () => {
    const { element, stop } = see("1");
    await wait(dwellMs + batchMs);
    report(element, false);
    report(element, true);
    stop();
    see("1");
    await wait(2 * (dwellMs + batchMs));
    expect(sent.flatMap(({ ids }) => ids)).toEqual(["1"]);
  });

  it("sends at once, by a request that outlives the page, when the page is hidden", async () => {
    see("1");
    await wait(dwellMs);
    shown = false;
    seen.visibilityChanged();
    expect(sent).toEqual([{ ids: ["1"], leaving: true }]);
  });

  it("counts no time in a hidden window, and starts anew when it is shown", async () => {
    see("1");
    await wait(dwellMs - 1);
    shown = false;
    seen.visibilityChanged();
    see("2");
    await wait(10 * dwellMs + batchMs);
    expect(sent).toEqual([]);
    shown = true;
    seen.visibilityChanged();
    await wait(dwellMs + batchMs);
    expect(sent).toEqual([{ ids: ["1", "2"], leaving: false }]);
  });

  it("tries again when the server could not be reached", async () => {
    reachable = false;
    see("1");
    await wait(dwellMs + batchMs);
    reachable = true;
    await wait(batchMs);
    await wait(10 * batchMs);
    expect(sent.map(({ ids }) => ids)).toEqual([["1"], ["1"]]);
  });

  it("never puts more into a request than it may hold", async () => {
    for (let id = 1; id <= mostPerBatch + 1; id++) see(String(id));
    await wait(dwellMs + batchMs);
    expect(sent.map(({ ids }) => ids.length)).toEqual([mostPerBatch, 1]);
  });

  it("forgets with the person who read", async () => {
    see("1");
    await wait(dwellMs);
    seen.forget();
    await wait(batchMs);
    expect(sent).toEqual([]);
    see("1");
    await wait(dwellMs + batchMs);
    expect(sent).toEqual([{ ids: ["1"], leaving: false }]);
  });
});
