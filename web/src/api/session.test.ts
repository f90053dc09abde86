import { beforeEach, describe, expect, it, vi } from "vitest";
import { storage } from "@/lib/storage";
import { ApiError } from "./problem";
import { type SessionEnvironment, SessionKeeper } from "./session";
import type { AuthGrant, Me } from "./types";

const user = { id: "1", username: "ana" } as Me;
const grant = (token: string, expiresInS = 600): AuthGrant => ({
  user,
  access_token: token,
  refresh_token: null,
  token_type: "Bearer",
  expires_in: expiresInS,
});

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const refused = () => json(401, { code: "unauthenticated", title: "Sign in again." });

/** Locks and a channel that several keepers share, as tabs of one browser do. */
function browser() {
  const listeners = new Set<(event: MessageEvent) => void>();
  let last: Promise<unknown> = Promise.resolve();
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const run = last.then(work);
    last = run.catch(() => undefined);
    return run;
  };
  const tab = (fetch: typeof globalThis.fetch, now = () => Date.now()) => {
    let own: (event: MessageEvent) => void;
    const channel = {
      addEventListener: (_: string, listener: (event: MessageEvent) => void) => {
        own = listener;
        listeners.add(listener);
      },
      postMessage: (data: unknown) => {
        for (const listener of listeners)
          if (listener !== own) listener(new MessageEvent("message", { data }));
      },
    } as unknown as NonNullable<SessionEnvironment["channel"]>;
    return new SessionKeeper({ fetch, exclusively, channel, now });
  };
  return { tab };
}

const get = () => new Request(new URL("/v1/timelines/home", location.origin));
const path = (request: Request) => new URL(request.url).pathname;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});

describe("SessionKeeper", () => {
  it("asks nobody when this browser has never signed in", async () => {
    const fetch = vi.fn();
    const keeper = browser().tab(fetch);
    await keeper.start();
    expect(keeper.status.get()).toBe("signed-out");
    expect(fetch).not.toHaveBeenCalled();
  });

  it("comes back from the cookie, marking its requests as the web client's", async () => {
    storage.set("signed-in", "1");
    const fetch = vi.fn(async (_: RequestInfo | URL) => json(200, grant("t1")));
    const keeper = browser().tab(fetch);
    await keeper.start();
    expect(keeper.status.get()).toBe("signed-in");
    const request = fetch.mock.calls[0]?.[0] as Request;
    expect(path(request)).toBe("/v1/sessions/refresh");
    expect(request.headers.get("X-Rookery-Client")).toBe("web");
  });

  it("never stores the access token", () => {
    const keeper = browser().tab(vi.fn());
    keeper.adopt(grant("secret-token"));
    expect(JSON.stringify({ ...localStorage })).not.toContain("secret-token");
  });

  it("refreshes once for many requests that are refused together, and repeats each", async () => {
    let refreshes = 0;
    const fetch = vi.fn(async (input: RequestInfo | URL) => {
      const request = input as Request;
      if (path(request) === "/v1/sessions/refresh") {
        refreshes += 1;
        return json(200, grant("fresh"));
      }
      return request.headers.get("Authorization") === "Bearer fresh" ? json(200, {}) : refused();
    });
    const keeper = browser().tab(fetch);
    keeper.adopt(grant("stale"));
    const answers = await Promise.all([get(), get(), get()].map(keeper.fetch));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    expect(refreshes).toBe(1);
  });

  it("repeats the body of a refused request", async () => {
    const bodies: string[] = [];
    const fetch = vi.fn(async (input: RequestInfo | URL) => {
      const request = input as Request;
      if (path(request) === "/v1/sessions/refresh") return json(200, grant("fresh"));
      bodies.push(await request.text());
      return request.headers.get("Authorization") === "Bearer fresh" ? json(201, {}) : refused();
    });
    const keeper = browser().tab(fetch);
    keeper.adopt(grant("stale"));
    const answer = await keeper.fetch(
      new Request(new URL("/v1/posts", location.origin), { method: "POST", body: "hi" }),
    );
    expect(answer.status).toBe(201);
    expect(bodies).toEqual(["hi", "hi"]);
  });

  it("repeats only once: a second refusal is the answer", async () => {
    const fetch = vi.fn(async (input: RequestInfo | URL) =>
      path(input as Request) === "/v1/sessions/refresh" ? json(200, grant("fresh")) : refused(),
    );
    const keeper = browser().tab(fetch);
    keeper.adopt(grant("stale"));
    expect((await keeper.fetch(get())).status).toBe(401);
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it("sends what is of one account with no token of another, also not after a refusal", async () => {
    const tokens: (string | null)[] = [];
    const fetch = vi.fn(async (input: RequestInfo | URL) => {
      const request = input as Request;
      if (path(request) === "/v1/sessions/refresh")
        return json(200, { ...grant("of ben"), user: { ...user, id: "2" } });
      tokens.push(request.headers.get("Authorization"));
      return request.headers.get("Authorization") === "Bearer stale" ? refused() : json(200, {});
    });
    const keeper = browser().tab(fetch);
    keeper.adopt(grant("of ana"));
    expect((await keeper.fetchAs("1")(get())).status).toBe(200);
    await expect(keeper.fetchAs("2")(get())).rejects.toMatchObject({ status: 401 });
    keeper.adopt(grant("stale"));
    await expect(keeper.fetchAs("1")(get())).rejects.toMatchObject({ status: 401 });
    keeper.end();
    await expect(keeper.fetchAs("1")(get())).rejects.toMatchObject({ status: 401 });
    expect(tokens).toEqual(["Bearer of ana", "Bearer stale"]);
  });

  it("refreshes for all tabs at once", async () => {
    let refreshes = 0;
    const fetch = vi.fn(async () => {
      refreshes += 1;
      return json(200, grant(`t${refreshes}`));
    });
    const shared = browser();
    const [first, second] = [shared.tab(fetch), shared.tab(fetch)];
    first.adopt(grant("old"));
    expect(await Promise.all([first.refresh(), second.refresh()])).toEqual(["t1", "t1"]);
    expect(refreshes).toBe(1);
  });

  it("refreshes by itself before the token runs out", async () => {
    const fetch = vi.fn(async () => json(200, grant("t2")));
    const keeper = browser().tab(fetch);
    keeper.adopt(grant("t1", 600));
    await vi.advanceTimersByTimeAsync(539_000);
    expect(fetch).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(await keeper.token()).toBe("t2");
  });

  it("refreshes first when the token ran out while the machine slept", async () => {
    let now = 0;
    const seen: (string | null)[] = [];
    const fetch = vi.fn(async (input: RequestInfo | URL) => {
      const request = input as Request;
      if (path(request) === "/v1/sessions/refresh") return json(200, grant("t2"));
      seen.push(request.headers.get("Authorization"));
      return json(200, {});
    });
    const keeper = browser().tab(fetch, () => now);
    keeper.adopt(grant("t1"));
    now = 3_600_000;
    await keeper.fetch(get());
    expect(seen).toEqual(["Bearer t2"]);
  });

  it("signs out in every tab when the session has ended, and forgets drafts", async () => {
    const shared = browser();
    const first = shared.tab(vi.fn(async () => refused()));
    const second = shared.tab(vi.fn());
    first.adopt(grant("t1"));
    storage.set("draft.1.new", "half a thought");
    const ended = vi.fn();
    second.onEnd(ended);
    expect(await first.refresh()).toBeNull();
    expect([first.status.get(), second.status.get()]).toEqual(["signed-out", "signed-out"]);
    expect(ended).toHaveBeenCalledOnce();
    expect(storage.get("draft.1.new")).toBeNull();
    expect(storage.get("signed-in")).toBeNull();
  });

  it("stays signed in while the server is not well", async () => {
    const keeper = browser().tab(vi.fn(async () => json(503, { code: "unavailable" })));
    keeper.adopt(grant("t1"));
    await expect(keeper.refresh()).rejects.toBeInstanceOf(ApiError);
    expect(keeper.status.get()).toBe("signed-in");
  });

  it("says so when it cannot reach the server at the start", async () => {
    storage.set("signed-in", "1");
    const keeper = browser().tab(vi.fn(async () => Promise.reject(new TypeError("network"))));
    await keeper.start();
    expect(keeper.status.get()).toBe("unreachable");
  });
});
