import { describe, expect, it, vi } from "vitest";
import { ToggleQueue, type ToggleTask } from "./toggle-queue";

/** A server whose answers the test gives one by one. */
function fakeServer() {
  const calls: { wanted: boolean; succeed: () => void; fail: (error: Error) => void }[] = [];
  const send = (wanted: boolean) =>
    new Promise<boolean>((resolve, reject) => {
      calls.push({ wanted, succeed: () => resolve(wanted), fail: reject });
    });
  return { calls, send };
}

function setUp(initial = false) {
  const server = fakeServer();
  const shown: boolean[] = [];
  const task: ToggleTask<boolean> = {
    initial,
    send: server.send,
    show: (state) => shown.push(state),
    settled: vi.fn(),
    failed: vi.fn(),
  };
  return { queue: new ToggleQueue(), server, shown, task };
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe("ToggleQueue", () => {
  it("shows at once and settles with the server's answer", async () => {
    const { queue, server, shown, task } = setUp();
    const done = queue.request("like:1", true, task);
    expect(shown).toEqual([true]);
    server.calls[0]?.succeed();
    await done;
    expect(task.settled).toHaveBeenCalledExactlyOnceWith(true);
  });

  it("sends only the last intention after the one under way", async () => {
    const { queue, server, shown, task } = setUp();
    const done = queue.request("like:1", true, task);
    void queue.request("like:1", false, task);
    void queue.request("like:1", true, task);
    void queue.request("like:1", false, task);
    expect(server.calls).toHaveLength(1);
    server.calls[0]?.succeed();
    await turn();
    expect(server.calls.map((call) => call.wanted)).toEqual([true, false]);
    server.calls[1]?.succeed();
    await done;
    expect(shown).toEqual([true, false, true, false]);
    expect(task.settled).toHaveBeenCalledExactlyOnceWith(false);
  });

  it("sends nothing more when the reader is back where the server is", async () => {
    const { queue, server, task } = setUp();
    const done = queue.request("like:1", true, task);
    void queue.request("like:1", false, task);
    void queue.request("like:1", true, task);
    server.calls[0]?.succeed();
    await done;
    expect(server.calls).toHaveLength(1);
  });

  it("goes back to the old state when the server refuses", async () => {
    const { queue, server, shown, task } = setUp();
    const done = queue.request("like:1", true, task);
    server.calls[0]?.fail(new Error("no"));
    await done;
    expect(shown).toEqual([true, false]);
    expect(task.failed).toHaveBeenCalledOnce();
    expect(task.settled).not.toHaveBeenCalled();
  });

  it("says nothing about a refusal of what is not wanted any more", async () => {
    const { queue, server, task } = setUp();
    const done = queue.request("like:1", true, task);
    void queue.request("like:1", false, task);
    server.calls[0]?.fail(new Error("no"));
    await done;
    expect(task.failed).not.toHaveBeenCalled();
    expect(server.calls).toHaveLength(1);
  });

  it("keeps keys apart and starts afresh when a key is done", async () => {
    const { queue, server, task } = setUp();
    const first = queue.request("like:1", true, task);
    const second = queue.request("like:2", true, task);
    expect(server.calls).toHaveLength(2);
    server.calls[0]?.succeed();
    server.calls[1]?.succeed();
    await Promise.all([first, second]);
    const third = queue.request("like:1", false, { ...task, initial: true });
    server.calls[2]?.succeed();
    await third;
    expect(server.calls.map((call) => call.wanted)).toEqual([true, true, false]);
  });
});
