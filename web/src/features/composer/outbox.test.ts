import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "@/api/problem";
import {
  mostWaiting,
  Outbox,
  type OutboxEnvironment,
  type Outgoing,
  uncertain,
  type Waiting,
} from "./outbox";

const hour = 3600_000;
const post = (content: string): Outgoing => ({
  key: `key of ${content}`,
  target: { mode: "new" },
  content,
  media: [],
});

/** A browser whose tabs share storage, lock, connection and clock. */
function browser() {
  let last: Promise<unknown> = Promise.resolve();
  let running = 0;
  const state = { online: true, now: 1_000_000 };
  const exclusively = (work: () => Promise<void>) => {
    running += 1;
    const run = last.then(work).finally(() => {
      running -= 1;
    });
    last = run.catch(() => undefined);
    return run;
  };
  const env: OutboxEnvironment = {
    exclusively,
    unlessBusy: async (work) => running === 0 && (await exclusively(work).then(() => true)),
    online: () => state.online,
    now: () => state.now++,
  };
  return { state, tab: () => new Outbox(env) };
}

const texts = (box: Outbox) => box.list.get().map(({ content }) => content);
const offline = new ApiError(0, { code: "unreachable" });

/** A server that has what it is sent once for each key, and fails as told. */
function server(...failures: (Error | null)[]) {
  const posts = new Map<string, string>();
  const attempts: string[] = [];
  const send = async ({ key, content }: Waiting, userId: string) => {
    attempts.push(`${userId}: ${content}`);
    const failure = failures.shift();
    if (failure) throw failure;
    posts.set(key, content);
  };
  return { send, attempts, posts: () => [...posts.values()] };
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});

describe("Outbox", () => {
  it("keeps posts while there is no connection and sends them in their order once there is", async () => {
    const { state, tab } = browser();
    const { send, attempts } = server();
    const box = tab();
    state.online = false;
    box.start("1", send);
    for (const text of ["first", "second", "third"]) box.hold("1", post(text), null);
    await vi.advanceTimersByTimeAsync(hour);
    expect(attempts).toEqual([]);
    expect(texts(box)).toEqual(["first", "second", "third"]);
    state.online = true;
    box.wake();
    await box.drain();
    expect(attempts).toEqual(["1: first", "1: second", "1: third"]);
    expect(texts(box)).toEqual([]);
  });

  it("outlives the page", async () => {
    const { state, tab } = browser();
    const { send, posts } = server();
    state.online = false;
    const before = tab();
    before.start("1", send);
    before.hold("1", post("kept"), null);
    state.online = true;
    const after = tab();
    after.start("1", send);
    await after.drain();
    expect(posts()).toEqual(["kept"]);
  });

  it("sends once where several tabs wake up at the same time", async () => {
    const { state, tab } = browser();
    const { send, attempts } = server();
    state.online = false;
    const tabs = [tab(), tab(), tab()];
    for (const box of tabs) box.start("1", send);
    tabs[0]?.hold("1", post("only once"), null);
    state.online = true;
    for (const box of tabs) box.wake();
    await Promise.all(tabs.map((box) => box.drain()));
    expect(attempts).toEqual(["1: only once"]);
    for (const box of tabs) box.read();
    expect(tabs.map(texts)).toEqual([[], [], []]);
  });

  it("never sends the posts of another account, nor shows them", async () => {
    const { state, tab } = browser();
    const { send, attempts } = server();
    const box = tab();
    state.online = false;
    const stop = box.start("1", send);
    box.hold("1", post("of one"), null);
    stop();
    state.online = true;
    box.start("12", send);
    await box.drain();
    expect(texts(box)).toEqual([]);
    expect(attempts).toEqual([]);
    box.start("1", send);
    await box.drain();
    expect(attempts).toEqual(["1: of one"]);
  });

  it("keeps what the server refuses, says why, and goes on with the next", async () => {
    const { send, posts, attempts } = server(new ApiError(400, { title: "Too long." }));
    const box = browser().tab();
    box.hold("1", post("refused"), null);
    box.hold("1", post("fine"), null);
    box.start("1", send);
    await box.drain();
    expect(posts()).toEqual(["fine"]);
    expect(box.list.get()).toMatchObject([{ content: "refused", error: "Too long." }]);
    box.wake();
    await box.drain();
    expect(attempts).toHaveLength(2);
  });

  it.each([
    ["a lost connection", offline],
    ["an ill server", new ApiError(503, {})],
    ["too many requests", new ApiError(429, {})],
    ["an ended session", new ApiError(401, {})],
  ])("tries again after %s, with the same key and before the next", async (_, failure) => {
    const { send, attempts, posts } = server(failure);
    const box = browser().tab();
    box.hold("1", post("first"), null);
    box.hold("1", post("second"), null);
    box.start("1", send);
    await vi.advanceTimersByTimeAsync(0);
    expect(attempts).toEqual(["1: first"]);
    expect(box.list.get()).toMatchObject([{ content: "first", error: null }, { content: "second" }]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts).toEqual(["1: first", "1: first", "1: second"]);
    expect(posts()).toEqual(["first", "second"]);
  });

  it("waits as long as the server asks, and ever longer while it does not", async () => {
    const { send, attempts } = server(new ApiError(429, {}, 120), offline, offline, offline, offline);
    const box = browser().tab();
    box.hold("1", post("patient"), null);
    box.start("1", send);
    await vi.advanceTimersByTimeAsync(119_000);
    expect(attempts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(attempts).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(hour);
    expect(attempts).toHaveLength(6);
  });

  it("asks its author where an attempt ended unknown and the server no longer knows the key", async () => {
    const { state, tab } = browser();
    const { send, attempts } = server(offline);
    const box = tab();
    box.hold("1", post("perhaps out"), null);
    box.start("1", send);
    await vi.advanceTimersByTimeAsync(0);
    state.online = false;
    state.now += 24 * hour;
    state.online = true;
    box.wake();
    await box.drain();
    expect(attempts).toHaveLength(1);
    expect(box.list.get()).toMatchObject([{ content: "perhaps out", error: uncertain }]);
  });

  it("has room for some posts and says when it is full", () => {
    const box = browser().tab();
    for (let number = 0; number < mostWaiting; number++) box.hold("1", post(`${number}`), null);
    expect(() => box.hold("1", post("one more"), null)).toThrow(/waiting to be sent already/);
    expect(() => box.hold("2", post("of another"), null)).not.toThrow();
  });

  it("does not pretend to keep what the browser does not store", () => {
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    expect(() => browser().tab().hold("1", post("lost?"), null)).toThrow(/keeps nothing/);
    full.mockRestore();
  });

  it("gives a post back to its author, but not while it is being sent", async () => {
    const { state, tab } = browser();
    const box = tab();
    let arrive = () => {};
    box.start("1", () => new Promise<void>((done) => (arrive = done)));
    const taken: string[] = [];
    const take = async ({ content }: Waiting) => void taken.push(content);
    state.online = false;
    box.hold("1", post("mine"), null);
    box.hold("1", post("sent"), null);
    expect(await box.withdraw("key of mine", take)).toBe(true);
    await expect(box.withdraw("key of sent", () => Promise.reject(offline))).rejects.toBe(offline);
    expect(texts(box)).toEqual(["sent"]);
    state.online = true;
    box.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(await box.withdraw("key of sent", take)).toBe(false);
    arrive();
    await box.drain();
    expect(await box.withdraw("key of sent", take)).toBe(false);
    expect(taken).toEqual(["mine"]);
  });
});
