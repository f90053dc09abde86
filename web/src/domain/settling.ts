/**
 * Counters of posts and people are written behind the act that changes them. Who asks right after the act gets the old number;
 * this waits a moment, and asks once for many acts on the same thing.
 */
export const countersSettleMs = 1000;

const waiting = new Set<string>();

/** Runs `ask` once the counters have had time to follow; calls for the same key in between are one. */
export function afterSettling(key: string, ask: () => void): void {
  if (waiting.has(key)) return;
  waiting.add(key);
  setTimeout(() => {
    waiting.delete(key);
    ask();
  }, countersSettleMs);
}
