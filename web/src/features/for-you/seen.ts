/**
 * Reports which posts of the ranked timeline were really on the screen, so that later rankings lower them: at least half of the
 * post for at least a second, in a window that is being shown. Each post once for as long as the page lives.
 */

/** Share of a post that must be in view. */
export const inViewShare = 0.5;
export const dwellMs = 1000;
export const batchMs = 4000;
/** The most that one request may hold. */
export const mostPerBatch = 100;
/** Posts that are remembered as reported, and that wait when the server cannot be reached; beyond it the oldest go. */
const mostRemembered = 5000;
const mostWaiting = 300;

export interface SeenEnvironment {
  /** `leaving`: the page is going away, so the request has to outlive it. Rejects when it should be tried again. */
  send: (postIds: string[], leaving: boolean) => Promise<unknown>;
  observer: (
    report: (element: Element, inView: boolean) => void,
  ) => Pick<IntersectionObserver, "observe" | "unobserve">;
  shown: () => boolean;
}

export class SeenReporter {
  private readonly ids = new Map<Element, string>();
  private readonly inView = new Map<Element, ReturnType<typeof setTimeout> | null>();
  private readonly known = new Set<string>();
  private waiting: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly observer: ReturnType<SeenEnvironment["observer"]>;

  constructor(private readonly env: SeenEnvironment) {
    this.observer = env.observer((element, inView) => (inView ? this.enter(element) : this.leave(element)));
  }

  /** Watches the element of one post until the function that comes back is called. */
  watch(element: Element, postId: string): () => void {
    if (this.known.has(postId)) return () => undefined;
    this.ids.set(element, postId);
    this.observer.observe(element);
    return () => {
      this.observer.unobserve(element);
      this.leave(element);
      this.ids.delete(element);
    };
  }

  /** The window was hidden or shown again: nobody looks at a hidden one, and it may never come back. */
  visibilityChanged(): void {
    const shown = this.env.shown();
    for (const [element, timer] of this.inView) {
      clearTimeout(timer ?? undefined);
      this.inView.set(element, shown ? this.startDwelling(element) : null);
    }
    if (!shown) this.flush(true);
  }

  /** Sends what waits. */
  flush(leaving = false): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, mostPerBatch);
      this.env.send(batch, leaving).catch(() => this.tryAgain(batch));
    }
  }

  /** Somebody else reads from here on. */
  forget(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
    this.known.clear();
  }

  private enter(element: Element): void {
    if (this.inView.has(element) || !this.ids.has(element)) return;
    this.inView.set(element, this.env.shown() ? this.startDwelling(element) : null);
  }

  private leave(element: Element): void {
    clearTimeout(this.inView.get(element) ?? undefined);
    this.inView.delete(element);
  }

  private startDwelling(element: Element): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.see(element), dwellMs);
  }

  private see(element: Element): void {
    const id = this.ids.get(element);
    if (id === undefined || this.known.has(id)) return;
    this.known.add(id);
    const [oldest] = this.known;
    if (this.known.size > mostRemembered && oldest !== undefined) this.known.delete(oldest);
    this.waiting.push(id);
    this.plan();
  }

  private plan(): void {
    this.timer ??= setTimeout(() => this.flush(), batchMs);
  }

  private tryAgain(batch: string[]): void {
    this.waiting = [...batch, ...this.waiting].slice(-mostWaiting);
    this.plan();
  }
}
