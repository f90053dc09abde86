/**
 * Posts that wait for a connection. They are kept in localStorage, each under a key of its own that names its account, so that
 * tabs never write over what another one keeps, and no account sees the posts of another. A lock sees to it that one tab at a
 * time sends, one post at a time; the idempotency key, the same with each attempt, sees to it that none is posted twice.
 */
import { ApiError, isApiError, messageOf } from "@/api/problem";
import type { ComposeTarget } from "@/domain/composing";
import type { Focus } from "@/domain/media/focus";
import { storage } from "@/lib/storage";
import { createStore } from "@/lib/store";

export interface OutgoingMedia {
  id: string;
  alt: string;
  focus: Focus | null;
  sensitive: boolean;
}

/** A post as it goes to the server. */
export interface Outgoing {
  /** Idempotency-Key. */
  key: string;
  target: Exclude<ComposeTarget, { mode: "edit" }>;
  content: string;
  media: readonly OutgoingMedia[];
}

export interface Waiting extends Outgoing {
  /** When it was written: the order of sending. Unix milliseconds, as all times here. */
  at: number;
  /** First attempt of which nobody knows how it ended: the server may have the post. */
  triedAt: number | null;
  /** Why the server refused it, in words for people. It waits for its author then. */
  error: string | null;
}

export const mostWaiting = 20;
/** The server knows a key for 24 hours; from then on a repetition would be a second post. */
const keyKnownMs = 23 * 3600_000;
const firstDelayMs = 5_000;
const longestDelayMs = 5 * 60_000;

export const uncertain = "This may have been posted already. Look at your profile before you post it again.";
const full = `${mostWaiting} posts are waiting to be sent already. Your draft is kept.`;
const unkept =
  "Rookery cannot be reached, and this browser keeps nothing. Leave this page open and try again.";

export interface OutboxEnvironment {
  /** Runs `work` while no other tab runs its own. */
  exclusively: (work: () => Promise<void>) => Promise<void>;
  /** The same, but false at once when another one is running. */
  unlessBusy: (work: () => Promise<void>) => Promise<boolean>;
  online: () => boolean;
  now: () => number;
}

/** Rejects with ApiError. */
export type Send = (waiting: Waiting, userId: string) => Promise<void>;

export class Outbox {
  /** What waits for whom it was started for, in the order of sending. */
  readonly list = createStore<readonly Waiting[]>([]);
  private owner: { userId: string; send: Send } | null = null;
  private draining: Promise<void> | null = null;
  private wanted = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly env: OutboxEnvironment) {}

  /** Begins to send for one account; returns what ends it. What waits stays. */
  start(userId: string, send: Send): () => void {
    const owner = { userId, send };
    this.owner = owner;
    this.wake();
    return () => {
      if (this.owner === owner) this.owner = null;
      clearTimeout(this.timer);
      this.list.set([]);
    };
  }

  /** There may be a connection: sends now. */
  wake(): void {
    this.failures = 0;
    this.read();
    void this.drain();
  }

  /** Keeps a post. `triedAt`: see Waiting. Throws ApiError when it cannot be kept. */
  hold(userId: string, outgoing: Outgoing, triedAt: number | null): void {
    if (waitingFor(userId).length >= mostWaiting) throw new ApiError(507, { title: full });
    if (!write(userId, { ...outgoing, at: this.env.now(), triedAt, error: null }))
      throw new ApiError(507, { title: unkept });
    this.read();
    this.retryLater(null);
  }

  /** Takes a post out after `act` with it, unless that rejects. False when it is being sent, or has been. */
  async withdraw(key: string, act: (waiting: Waiting) => Promise<void>): Promise<boolean> {
    const { userId } = this.owner ?? {};
    let found = false;
    await this.env.unlessBusy(async () => {
      const waiting = userId && waitingFor(userId).find((each) => each.key === key);
      if (!waiting) return;
      await act(waiting);
      storage.remove(nameOf(userId, key));
      found = true;
    });
    this.read();
    return found;
  }

  /** Sends what waits, until nothing does or the connection is gone. Calls at the same time share one run. */
  drain(): Promise<void> {
    this.wanted = true;
    this.draining ??= this.drainWhileWanted();
    return this.draining;
  }

  /** What comes while a run ends is not missed. */
  private async drainWhileWanted(): Promise<void> {
    try {
      while (this.wanted) {
        this.wanted = false;
        await this.drainOnce();
      }
    } finally {
      this.draining = null;
    }
  }

  private async drainOnce(): Promise<void> {
    clearTimeout(this.timer);
    // Nobody waits for the lock for nothing: who holds it cannot be edited.
    if (!this.next()) return;
    await this.env.exclusively(async () => {
      for (let next = this.next(); next; next = this.next()) if (!(await this.attempt(next))) return;
    });
  }

  private next(): { owner: { userId: string; send: Send }; waiting: Waiting } | null {
    const { owner } = this;
    if (!owner || !this.env.online()) return null;
    const waiting = waitingFor(owner.userId).find(({ error }) => error === null);
    return waiting ? { owner, waiting } : null;
  }

  /** Whether to go on with the next one. */
  private async attempt({ owner, waiting }: NonNullable<ReturnType<Outbox["next"]>>): Promise<boolean> {
    const { userId, send } = owner;
    const { triedAt } = waiting;
    const now = this.env.now();
    const keep = (change: Partial<Waiting>) => {
      write(userId, { ...waiting, ...change });
      this.read();
    };
    if (triedAt !== null && now - triedAt > keyKnownMs) {
      keep({ error: uncertain });
      return true;
    }
    keep({ triedAt: triedAt ?? now });
    try {
      await send(waiting, userId);
    } catch (error) {
      const answered = error instanceof ApiError && error.status !== 0 && error.status < 500;
      const passing = !answered || isApiError(error, 401, 408, 425, 429);
      keep({ triedAt: answered ? triedAt : (triedAt ?? now), error: passing ? null : messageOf(error) });
      if (passing) this.retryLater(error);
      return !passing;
    }
    this.failures = 0;
    storage.remove(nameOf(userId, waiting.key));
    this.read();
    return true;
  }

  /** Looks at what other tabs have kept and sent. It is for them to send it: waking up for it would never end. */
  read(): void {
    this.list.set(this.owner ? waitingFor(this.owner.userId) : []);
  }

  /** For when nothing tells that the server is back: at the time that it names, else ever more rarely. */
  private retryLater(error: unknown): void {
    const asked = error instanceof ApiError && error.retryAfterS ? error.retryAfterS * 1000 : 0;
    const delay = Math.max(asked, Math.min(longestDelayMs, firstDelayMs * 2 ** this.failures));
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.drain(), delay);
  }
}

const nameOf = (userId: string, key: string) => `outbox.${userId}.${key}`;

/** Whether it is kept now. */
function write(userId: string, waiting: Waiting): boolean {
  const name = nameOf(userId, waiting.key);
  const text = JSON.stringify(waiting);
  storage.set(name, text);
  return storage.get(name) === text;
}

function waitingFor(userId: string): Waiting[] {
  const found = storage.keys(nameOf(userId, "")).flatMap((name) => parsed(storage.get(name)) ?? []);
  return found.sort((a, b) => a.at - b.at);
}

function parsed(text: string | null): Waiting | null {
  try {
    return JSON.parse(text ?? "null") as Waiting | null;
  } catch {
    return null;
  }
}

const lock = "rookery.outbox";

/** Without locks (plain http other than localhost) the idempotency key alone keeps tabs from posting twice. */
function browserEnvironment(): OutboxEnvironment {
  return {
    exclusively: async (work) => (navigator.locks ? await navigator.locks.request(lock, work) : work()),
    unlessBusy: async (work) => {
      const run = async (free: boolean) => {
        if (free) await work();
        return free;
      };
      if (!navigator.locks) return run(true);
      return await navigator.locks.request(lock, { ifAvailable: true }, (granted) => run(granted !== null));
    },
    online: () => navigator.onLine,
    now: () => Date.now(),
  };
}

export const outbox = new Outbox(browserEnvironment());
