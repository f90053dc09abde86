/**
 * Optimistic switches (like, repost, bookmark, follow) where the last intention wins: however fast somebody clicks, at most
 * one request per switch is under way, and only the state that was wanted last is sent after it.
 */
export interface ToggleTask<R> {
  /** State that the server is known to have when the task is new; ignored while requests of this key are under way. */
  initial: boolean;
  send: (wanted: boolean) => Promise<R>;
  /** Shows the wanted state at once; called again with the old state when the server refuses. */
  show: (shown: boolean) => void;
  /** The queue is empty and the server has the wanted state. */
  settled?: (result: R) => void;
  /** The server refused the state that is still wanted; `show` has already been called with the old one. */
  failed?: (error: unknown) => void;
}

interface Entry {
  confirmed: boolean;
  wanted: boolean;
}

export class ToggleQueue {
  private readonly entries = new Map<string, Entry>();

  /** Asks for `wanted`. Resolves when nothing is left to do for this key, never rejects. */
  async request<R>(key: string, wanted: boolean, task: ToggleTask<R>): Promise<void> {
    task.show(wanted);
    const running = this.entries.get(key);
    if (running) {
      running.wanted = wanted;
      return;
    }
    const entry: Entry = { confirmed: task.initial, wanted };
    this.entries.set(key, entry);
    try {
      await this.drain(entry, task);
    } finally {
      this.entries.delete(key);
    }
  }

  private async drain<R>(entry: Entry, task: ToggleTask<R>): Promise<void> {
    let result: { value: R } | null = null;
    while (entry.wanted !== entry.confirmed) {
      const sending = entry.wanted;
      try {
        result = { value: await task.send(sending) };
        entry.confirmed = sending;
      } catch (error) {
        if (entry.wanted !== sending) continue;
        entry.wanted = entry.confirmed;
        task.show(entry.confirmed);
        task.failed?.(error);
        return;
      }
    }
    if (result) task.settled?.(result.value);
  }
}

/** One queue for the whole page, so that the same post in two lists is one switch. */
export const toggles = new ToggleQueue();
