/**
 * The live connection (`/v1/stream`): authenticates, subscribes, and after a loss resumes from the last event that it has
 * seen. Events reach the handlers once each, in the server's order. Where the server could not resume, `onGap` says so and
 * the caller reloads over REST.
 */
import type { Notification, OwnMedia, TimelineItem } from "@/api/types";

export type Channel = "home" | "notifications" | "media";
export type StreamStatus = "connecting" | "live" | "offline";

/** How far one of the reader's own uploads is. */
export interface MediaProgress {
  id: string;
  state: OwnMedia["state"];
  progress: number;
  /** The post that shows it, once it is processed. */
  post_id: string | null;
}

export type StreamEvent =
  | { channel: "media"; event: "media.updated"; data: MediaProgress }
  | { channel: "home"; event: "post.created" | "repost.created" | "post.edited"; data: TimelineItem }
  | { channel: "home"; event: "post.deleted"; data: { id: string } }
  | {
      channel: "notifications";
      event: "notification.created";
      data: Notification & { unread_count: number };
    };

type ServerFrame =
  | { type: "ready"; heartbeat_s: number }
  | { type: "subscribed"; channels: Channel[]; event_id: string | null }
  | ({ type: "event"; id: string } & StreamEvent)
  | { type: "gap"; channels: Channel[] }
  | { type: "ping" | "pong" }
  | { type: "error"; code: string; detail: string };

export interface StreamOptions {
  url: string;
  channels: Channel[];
  /** A valid access token, or null when signed out. `refused`: the last one was not accepted. */
  token: (refused: boolean) => Promise<string | null>;
  onEvent: (event: StreamEvent) => void;
  onGap: (channels: Channel[]) => void;
  onStatus?: (status: StreamStatus) => void;
  openSocket?: (url: string) => WebSocket;
  random?: () => number;
}

const unauthenticated = 4401;
const firstDelayMs = 500;
const longestDelayMs = 30_000;
const ackDelayMs = 200;
/** Silence for this many heartbeats means that the connection is dead, even if the browser has not noticed. */
const patienceInHeartbeats = 2.5;
/** How many ids are remembered to recognise repetitions; a resume never repeats more than the server's buffer. */
const rememberedIds = 2000;

export class StreamClient {
  private socket: WebSocket | null = null;
  private lastEventId: string | null = null;
  private position: string | null = null;
  private attempts = 0;
  private refused = false;
  private stopped = true;
  private hasSubscribed = false;
  private heartbeatMs = 25_000;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private ackTimer: ReturnType<typeof setTimeout> | undefined;
  private readonly seen = new RecentIds(rememberedIds);

  constructor(private readonly options: StreamOptions) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retryTimer);
    this.drop();
  }

  /** Connects now instead of waiting for the next attempt: the network is back, or the page is visible again. */
  wake(): void {
    if (this.stopped || this.socket) return;
    clearTimeout(this.retryTimer);
    this.attempts = 0;
    void this.connect();
  }

  /** Shows the server a new token before the old one runs out, without reconnecting. */
  reauthenticate(token: string): void {
    this.send({ type: "auth", token });
  }

  private async connect(): Promise<void> {
    this.options.onStatus?.("connecting");
    let token: string | null;
    try {
      token = await this.options.token(this.refused);
    } catch {
      return this.retryLater();
    }
    if (this.stopped || this.socket) return;
    if (!token) return this.stop();
    const socket = (this.options.openSocket ?? ((url) => new WebSocket(url)))(this.options.url);
    this.socket = socket;
    socket.onopen = () => this.send({ type: "auth", token });
    socket.onmessage = (message) => this.receive(JSON.parse(String(message.data)) as ServerFrame);
    socket.onclose = (event) => this.closed(socket, event.code);
  }

  private receive(frame: ServerFrame): void {
    this.expectHeartbeat();
    if (frame.type === "ready") this.ready(frame.heartbeat_s);
    else if (frame.type === "subscribed") this.subscribed(frame.event_id);
    else if (frame.type === "event") this.deliver(frame);
    else if (frame.type === "ping") this.send({ type: "pong" });
    else if (frame.type === "gap") {
      this.lastEventId = this.position;
      this.options.onGap(frame.channels);
    }
  }

  private ready(heartbeatS: number): void {
    this.heartbeatMs = heartbeatS * 1000;
    this.attempts = 0;
    this.refused = false;
    this.expectHeartbeat();
    // A second "ready" on one connection answers a renewed token; the subscription goes on.
    if (this.hasSubscribed) return;
    this.hasSubscribed = true;
    this.send({ type: "subscribe", channels: this.options.channels, last_event_id: this.lastEventId });
  }

  private subscribed(position: string | null): void {
    this.position = position;
    // While a resume is being replayed, the position is ahead of what has been delivered.
    this.lastEventId ??= position;
    this.options.onStatus?.("live");
  }

  private deliver(frame: Extract<ServerFrame, { type: "event" }>): void {
    this.lastEventId = frame.id;
    this.ackSoon();
    const isEntry = frame.event === "post.created" || frame.event === "repost.created";
    const entry = isEntry ? `entry:${frame.data.entry_id}` : null;
    const known =
      this.seen.has(`event:${frame.id}:${frame.channel}`) || (entry !== null && this.seen.has(entry));
    if (known) return;
    this.seen.add(`event:${frame.id}:${frame.channel}`);
    if (entry) this.seen.add(entry);
    this.options.onEvent(frame);
  }

  private ackSoon(): void {
    this.ackTimer ??= setTimeout(() => {
      this.ackTimer = undefined;
      this.send({ type: "ack", event_id: this.lastEventId });
    }, ackDelayMs);
  }

  private expectHeartbeat(): void {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => this.lose(), this.heartbeatMs * patienceInHeartbeats);
  }

  private lose(): void {
    this.drop();
    this.retryLater();
  }

  private closed(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    this.drop();
    if (this.stopped) return;
    this.refused = code === unauthenticated;
    this.retryLater();
  }

  private drop(): void {
    clearTimeout(this.watchdog);
    clearTimeout(this.ackTimer);
    this.ackTimer = undefined;
    this.hasSubscribed = false;
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    this.options.onStatus?.("offline");
  }

  /** Exponential back-off with full jitter, so that a restarted server is not met by everyone at once. */
  private retryLater(): void {
    if (this.stopped) return;
    const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** this.attempts);
    this.attempts += 1;
    const delay = ceiling * (this.options.random ?? Math.random)();
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => void this.connect(), delay);
  }

  private send(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }
}

/** A set that forgets its oldest member beyond `capacity`. */
class RecentIds {
  private readonly ids = new Set<string>();
  constructor(private readonly capacity: number) {}

  has(id: string): boolean {
    return this.ids.has(id);
  }

  add(id: string): void {
    this.ids.add(id);
    if (this.ids.size <= this.capacity) return;
    const oldest = this.ids.values().next().value;
    if (oldest !== undefined) this.ids.delete(oldest);
  }
}
