/** Tells who waits for an upload that there is news of it. What is missed is found by asking again after a while. */
type Listener = () => void;

const listeners = new Map<string, Set<Listener>>();

export const mediaNews = {
  tell(mediaId: string): void {
    for (const listener of listeners.get(mediaId) ?? []) listener();
  },
  listen(mediaId: string, listener: Listener): () => void {
    const known = listeners.get(mediaId) ?? new Set();
    listeners.set(mediaId, known.add(listener));
    return () => {
      known.delete(listener);
      if (known.size === 0) listeners.delete(mediaId);
    };
  },
};
