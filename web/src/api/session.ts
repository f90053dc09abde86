/**
 * Who is signed in, for as long as this page lives. The access token is only ever in memory; what survives a reload is the
 * refresh token, in an httpOnly cookie that scripts cannot read. Tabs share one cookie and refresh tokens are used once, so
 * refreshes are serialised across tabs by a lock, and a tab hands the tokens that it got to the others.
 */
import { storage } from "@/lib/storage";
import { createStore } from "@/lib/store";
import { ApiError, errorFrom, isApiError } from "./problem";
import type { AuthGrant, Me } from "./types";

export type SessionStatus = "starting" | "signed-in" | "signed-out" | "unreachable";
type Message = { type: "grant"; grant: AuthGrant } | { type: "signed-out"; lost: boolean };
type GrantListener = (user: Me, accessToken: string) => void;

/** Marks a browser that has signed in, so that strangers do not start with a refused refresh. Holds no secret. */
const hintKey = "signed-in";
const refreshEarlyMs = 60_000;
const shortestDelayMs = 5_000;

export interface SessionEnvironment {
  fetch: typeof fetch;
  /** Runs `work` while no other tab runs its own. */
  exclusively: <T>(work: () => Promise<T>) => Promise<T>;
  channel: Pick<BroadcastChannel, "postMessage" | "addEventListener"> | null;
  now: () => number;
}

function browserEnvironment(): SessionEnvironment {
  return {
    fetch: (...args) => fetch(...args),
    exclusively: async <T>(work: () => Promise<T>): Promise<T> =>
      navigator.locks ? await navigator.locks.request("rookery.refresh", work) : work(),
    channel: typeof BroadcastChannel === "function" ? new BroadcastChannel("rookery.session") : null,
    now: () => Date.now(),
  };
}

export class SessionKeeper {
  readonly status = createStore<SessionStatus>("starting");
  /** Whether the last session of this page was taken from it: ended elsewhere, or run out. */
  readonly lost = createStore(false);
  private accessToken: string | null = null;
  /** Whose token it is. */
  private userId: string | null = null;
  private expiresAt = 0;
  private refreshing: Promise<string | null> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly grantListeners = new Set<GrantListener>();
  private readonly endListeners = new Set<() => void>();

  constructor(private readonly env: SessionEnvironment) {
    env.channel?.addEventListener("message", (event) => this.receive((event as MessageEvent<Message>).data));
  }

  /** Whether this browser has signed in before, which says what to load while the refresh is under way. */
  get expected(): boolean {
    return storage.get(hintKey) !== null;
  }

  /** Called once at page load. Never throws: the outcome is in `status`. */
  async start(): Promise<void> {
    if (!this.expected) return this.status.set("signed-out");
    this.status.set("starting");
    try {
      await this.refresh();
    } catch {
      if (!this.accessToken) this.status.set("unreachable");
    }
  }

  /** Takes the tokens of a sign-up or sign-in and hands them to the other tabs. */
  adopt(grant: AuthGrant): void {
    this.hold(grant);
    this.env.channel?.postMessage({ type: "grant", grant } satisfies Message);
  }

  /** Forgets everything, here and in the other tabs. The server's side is ended by `DELETE /v1/sessions/current`. */
  end({ lost = false } = {}): void {
    this.forget(lost);
    this.env.channel?.postMessage({ type: "signed-out", lost } satisfies Message);
  }

  /** The token for the next request, refreshed first when it has run out. Null when signed out. */
  async token(): Promise<string | null> {
    if (this.status.get() === "signed-out") return null;
    if (this.accessToken && this.env.now() < this.expiresAt - shortestDelayMs) return this.accessToken;
    return this.refresh();
  }

  /**
   * Gets new tokens; callers at the same time share one request. Null when the session has ended.
   * Throws ApiError when the server cannot be reached or is not well: the session may still be good.
   */
  refresh(): Promise<string | null> {
    this.refreshing ??= this.refreshOnce().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  /** `fetch` with the token; a refused token is refreshed and the request repeated once. */
  readonly fetch = (request: Request): Promise<Response> => this.authorized(request, () => undefined);

  /** `fetch` for one account alone: rejects with ApiError 401 where another one, or none, is signed in by then. */
  fetchAs(userId: string): (request: Request) => Promise<Response> {
    return (request) =>
      this.authorized(request, () => {
        if (this.userId !== userId) throw new ApiError(401, { code: "unauthenticated" });
      });
  }

  onGrant(listener: GrantListener): () => void {
    this.grantListeners.add(listener);
    return () => this.grantListeners.delete(listener);
  }

  onEnd(listener: () => void): () => void {
    this.endListeners.add(listener);
    return () => this.endListeners.delete(listener);
  }

  /** `check` looks at whose token it is, each time before one is used. */
  private async authorized(request: Request, check: () => void): Promise<Response> {
    const token = await this.token();
    check();
    const spare = token ? request.clone() : null;
    const response = await this.send(request, token);
    if (response.status !== 401 || !spare) return response;
    const fresh = this.accessToken !== token ? this.accessToken : await this.refresh();
    check();
    return fresh ? this.send(spare, fresh) : response;
  }

  private async send(request: Request, token: string | null): Promise<Response> {
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    request.headers.set("X-Rookery-Client", "web");
    try {
      return await this.env.fetch(request);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiError(0, { code: "unreachable" });
    }
  }

  private refreshOnce(): Promise<string | null> {
    const before = this.accessToken;
    return this.env.exclusively(async () => {
      // While this tab waited for the lock another one may have refreshed for both.
      if (this.accessToken !== before) return this.accessToken;
      const request = new Request(new URL("/v1/sessions/refresh", location.origin), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: "{}",
      });
      const response = await this.send(request, null);
      if (response.ok) {
        this.adopt((await response.json()) as AuthGrant);
        return this.accessToken;
      }
      const error = await errorFrom(response);
      if (!isApiError(error, 400, 401, 403)) throw error;
      this.end({ lost: true });
      return null;
    });
  }

  private hold(grant: AuthGrant): void {
    this.accessToken = grant.access_token;
    this.userId = grant.user.id;
    this.expiresAt = this.env.now() + grant.expires_in * 1000;
    storage.set(hintKey, "1");
    this.lost.set(false);
    for (const listener of this.grantListeners) listener(grant.user, grant.access_token);
    this.status.set("signed-in");
    this.planRefresh(grant.expires_in * 1000);
  }

  private planRefresh(lifetimeMs: number): void {
    clearTimeout(this.timer);
    const delay = Math.max(lifetimeMs - refreshEarlyMs, lifetimeMs / 2, shortestDelayMs);
    this.timer = setTimeout(() => void this.refresh().catch(() => this.planRefresh(refreshEarlyMs)), delay);
  }

  private forget(lost: boolean): void {
    clearTimeout(this.timer);
    this.accessToken = null;
    this.userId = null;
    this.expiresAt = 0;
    storage.remove(hintKey);
    storage.removeAll("draft.");
    this.lost.set(lost);
    for (const listener of this.endListeners) listener();
    this.status.set("signed-out");
  }

  private receive(message: Message): void {
    if (message.type === "grant") this.hold(message.grant);
    else this.forget(message.lost);
  }
}

export const session = new SessionKeeper(browserEnvironment());
