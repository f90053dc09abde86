import { useNavigate } from "@tanstack/react-router";
import type { MediaAttachment } from "@/api/types";
import { createStore } from "@/lib/store";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** A picture is shown large; "back" closes it. */
    lightbox?: boolean;
  }
}

export interface Lightbox {
  images: MediaAttachment[];
  /** The one to begin with. */
  index: number;
  /** Gets the focus back. */
  opener: HTMLElement | null;
  /** Leads to the description of one of them; absent for who may only read it. */
  onDescribe?: ((mediaId: string) => void) | undefined;
}

/** What is shown large; null for nothing. */
export const lightbox = createStore<Lightbox | null>(null);

/** Shows pictures large, as a step of the browser's history that keeps the page where it is. */
export function useOpenLightbox() {
  const navigate = useNavigate();
  return (shown: Lightbox) => {
    lightbox.set(shown);
    void navigate({
      to: ".",
      search: true,
      hash: true,
      state: (before) => ({ ...before, lightbox: true }),
      resetScroll: false,
    });
  };
}
