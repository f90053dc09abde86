import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StreamClient, type StreamEvent, type StreamOptions } from "./client";

class FakeSocket {
  static readonly all: FakeSocket[] = [];
  readonly sent: Record<string, unknown>[] = [];
  readyState: number = WebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor() {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
  }

  open(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }

  receive(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  breakOff(code = 1006): void {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.({ code });
  }

  sentOf(type: string) {
    return this.sent.filter((frame) => frame.type === type);
  }
}

const socket = (index = FakeSocket.all.length - 1) => FakeSocket.all[index] as FakeSocket;
const post = (id: string, entryId: string) => ({
  type: "event",
  id,
  channel: "home",
  event: "post.created",
  data: { entry_id: entryId },
});

function setUp(options: Partial<StreamOptions> = {}) {
  const events: StreamEvent[] = [];
  const gaps: string[][] = [];
  const client = new StreamClient({
    url: "ws://rookery.test/v1/stream",
    channels: ["home", "notifications"],
    token: async () => "token",
    onEvent: (event) => events.push(event),
    onGap: (channels) => gaps.push(channels),
    openSocket: () => new FakeSocket() as unknown as WebSocket,
    random: () => 1,
    ...options,
  });
  client.start();
  const entries = () => events.map((event) => "entry_id" in event.data && event.data.entry_id);
  return { client, events, entries, gaps };
}

/** Lets the promises of `connect` run and the socket come up to its subscription. */
async function goLive(position: string | null = "100"): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
  socket().open();
  socket().receive({ type: "ready", heartbeat_s: 25 });
  socket().receive({ type: "subscribed", channels: ["home", "notifications"], event_id: position });
}

beforeEach(() => {
  FakeSocket.all.length = 0;
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe("StreamClient", () => {
  it("shows its token in the first frame, never in the address, then subscribes", async () => {
    setUp();
    await goLive();
    expect(socket().sent).toEqual([
      { type: "auth", token: "token" },
      { type: "subscribe", channels: ["home", "notifications"], last_event_id: null },
    ]);
  });

  it("resumes from the last event that it has seen", async () => {
    const { entries } = setUp();
    await goLive();
    socket().receive(post("101", "a"));
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(500);
    await goLive("150");
    expect(socket().sentOf("subscribe")[0]?.last_event_id).toBe("101");
    socket().receive(post("102", "b"));
    expect(entries()).toEqual(["a", "b"]);
  });

  it("does not jump over a replay when the connection breaks in the middle of it", async () => {
    setUp();
    await goLive("100");
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(500);
    await goLive("150");
    socket().receive(post("101", "a"));
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(1000);
    await goLive("160");
    expect(socket().sentOf("subscribe")[0]?.last_event_id).toBe("101");
  });

  it("delivers an entry once, whether the event or the entry is repeated", async () => {
    const { entries } = setUp();
    await goLive();
    socket().receive(post("101", "a"));
    socket().receive(post("101", "a"));
    socket().receive(post("105", "a"));
    socket().receive(post("106", "b"));
    expect(entries()).toEqual(["a", "b"]);
  });

  it("delivers what became of an entry that it has delivered, each event once", async () => {
    const { events } = setUp();
    await goLive();
    const edited = { ...post("102", "a"), event: "post.edited" };
    const deleted = { ...post("103", "a"), event: "post.deleted", data: { id: "a" } };
    for (const frame of [post("101", "a"), edited, edited, deleted, deleted]) socket().receive(frame);
    expect(events.map((event) => event.event)).toEqual(["post.created", "post.edited", "post.deleted"]);
  });

  it("reports a gap and resumes from after it", async () => {
    const { gaps } = setUp();
    await goLive("100");
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(500);
    await goLive("900");
    socket().receive({ type: "gap", channels: ["home"] });
    expect(gaps).toEqual([["home"]]);
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(1000);
    await goLive("901");
    expect(socket().sentOf("subscribe")[0]?.last_event_id).toBe("900");
  });

  it("waits longer after each failure, and from the start again after a success", async () => {
    setUp();
    await vi.advanceTimersByTimeAsync(0);
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(500);
    expect(FakeSocket.all).toHaveLength(2);
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(999);
    expect(FakeSocket.all).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    await goLive();
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(500);
    expect(FakeSocket.all).toHaveLength(4);
  });

  it("asks for a new token when the old one was refused, and stops when there is none", async () => {
    const token = vi.fn(async (refused: boolean) => (refused ? null : "token"));
    setUp({ token });
    await goLive();
    socket().breakOff(4401);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(token.mock.calls).toEqual([[false], [true]]);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it("renews its token without subscribing again", async () => {
    const { client } = setUp();
    await goLive();
    client.reauthenticate("newer");
    socket().receive({ type: "ready", heartbeat_s: 25 });
    expect(socket().sentOf("auth")).toHaveLength(2);
    expect(socket().sentOf("subscribe")).toHaveLength(1);
  });

  it("notices a connection that has gone silent", async () => {
    setUp();
    await goLive();
    await vi.advanceTimersByTimeAsync(25_000);
    socket().receive({ type: "ping" });
    await vi.advanceTimersByTimeAsync(62_000);
    expect(FakeSocket.all).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("acknowledges a burst of events in one frame", async () => {
    setUp();
    await goLive();
    socket().receive(post("101", "a"));
    socket().receive(post("102", "b"));
    await vi.advanceTimersByTimeAsync(200);
    expect(socket().sentOf("ack")).toEqual([{ type: "ack", event_id: "102" }]);
  });

  it("wakes at once when the network is back", async () => {
    const { client } = setUp();
    await goLive();
    socket().breakOff();
    client.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("stays closed once it is stopped", async () => {
    const { client } = setUp();
    await goLive();
    client.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(socket().readyState).toBe(WebSocket.CLOSED);
  });
});
