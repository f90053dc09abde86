/**
 * Saves a form without a button: changes are gathered, sent when nothing has changed for a moment, and never two requests at
 * once, so that the last change is also the last to arrive.
 */
import { createStore } from "./store";

export type SaveState = "idle" | "waiting" | "saving" | "saved" | "failed";

interface PatchSaverOptions<P> {
  delayMs: number;
  /** Both patches as one; where they disagree, the later one holds. */
  merge: (earlier: P, later: P) => P;
  send: (patch: P) => Promise<unknown>;
  /** Whether to keep a patch that was not taken for `flush`; otherwise it is dropped. */
  worthKeeping: (error: unknown) => boolean;
  failed?: (error: unknown) => void;
}

export class PatchSaver<P> {
  readonly state = createStore<SaveState>("idle");
  private waiting: P | null = null;
  private sending = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: PatchSaverOptions<P>) {}

  add(patch: P): void {
    this.waiting = this.waiting ? this.options.merge(this.waiting, patch) : patch;
    this.state.set("waiting");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.options.delayMs);
  }

  /** Sends what waits now: the page is being left, or somebody tries again. */
  flush(): void {
    clearTimeout(this.timer);
    if (this.waiting && !this.sending) void this.save(this.waiting);
  }

  private async save(patch: P): Promise<void> {
    this.waiting = null;
    this.sending = true;
    this.state.set("saving");
    try {
      await this.options.send(patch);
      this.state.set(this.waiting ? "waiting" : "saved");
    } catch (error) {
      this.keep(patch, error);
      this.state.set("failed");
      this.options.failed?.(error);
      return;
    } finally {
      this.sending = false;
    }
    if (this.waiting) this.flush();
  }

  private keep(patch: P, error: unknown): void {
    if (!this.options.worthKeeping(error)) return;
    this.waiting = this.waiting ? this.options.merge(patch, this.waiting) : patch;
  }
}
