/** localStorage that never throws: private windows and blocked storage behave as if empty. */
const prefix = "rookery.";

export const storage = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(prefix + key);
    } catch {
      return null;
    }
  },
  set(key: string, value: string): void {
    try {
      localStorage.setItem(prefix + key, value);
    } catch {
      // Full or blocked: the value lives as long as the page.
    }
  },
  remove(key: string): void {
    try {
      localStorage.removeItem(prefix + key);
    } catch {
      // As above.
    }
  },
  /** Every key of ours that begins with `start`, in no order. */
  keys(start: string): string[] {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix + start));
      return keys.map((key) => key.slice(prefix.length));
    } catch {
      return [];
    }
  },
  /** Removes every key of ours that begins with `start`. */
  removeAll(start: string): void {
    for (const key of storage.keys(start)) storage.remove(key);
  },
};
