import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { compose } from "@/domain/composing";
import { focusSearchBox, focusWanted } from "@/domain/search/focus";
import { useMe } from "@/domain/users/cache";
import { createStore } from "@/lib/store";

export const shortcutsOpen = createStore(false);

/** What the shortcuts dialog lists. Keys for a single post are handled by the post itself. */
export const shortcutGroups = [
  {
    title: "Move",
    keys: [
      ["j", "Next post"],
      ["k", "Previous post"],
      ["Enter", "Open the post"],
      ["/", "Search"],
      ["g h", "Home"],
      ["g e", "Explore"],
      ["g n", "Notifications"],
      ["g b", "Bookmarks"],
      ["g p", "Your profile"],
      ["g s", "Settings"],
    ],
  },
  {
    title: "Act",
    keys: [
      ["n", "New post"],
      ["r", "Reply"],
      ["q", "Quote"],
      ["l", "Like"],
      ["t", "Repost"],
      ["b", "Bookmark"],
      ["Ctrl/⌘ Enter", "Send"],
      ["?", "This help"],
    ],
  },
] as const;

/** How long "g" waits for its second key. */
const sequenceMs = 1200;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=menu]") !== null
  );
}

/** Moves the focus to the next or previous post; from outside the list, to the first one in view. */
function movePost(step: 1 | -1): void {
  const posts = Array.from(document.querySelectorAll<HTMLElement>("main article[data-post]")).sort(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
  );
  const current = document.activeElement?.closest<HTMLElement>("article[data-post]");
  const headerPx = 60;
  const inView = posts.findIndex((post) => post.getBoundingClientRect().bottom > headerPx + 20);
  const index = current ? posts.indexOf(current) + step : inView;
  const next = posts[index];
  if (!next) return;
  next.focus({ preventScroll: true });
  const { top, bottom } = next.getBoundingClientRect();
  if (top < headerPx || bottom > window.innerHeight - 80) {
    window.scrollBy({ top: top - headerPx - 12 });
  }
}

/** The keys that work everywhere on the page, except while somebody types or a dialog is open. */
export function useShortcuts(): void {
  const router = useRouter();
  const username = useMe()?.username;
  useEffect(() => {
    let goPressedAt = Number.NEGATIVE_INFINITY;
    const go: Record<string, () => unknown> = {
      h: () => router.navigate({ to: "/" }),
      e: () => router.navigate({ to: "/explore" }),
      n: () => router.navigate({ to: "/notifications" }),
      b: () => router.navigate({ to: "/bookmarks" }),
      s: () => router.navigate({ to: "/settings" }),
      p: () => username && router.navigate({ to: "/@{$username}", params: { username } }),
    };
    const single: Record<string, () => unknown> = {
      j: () => movePost(1),
      k: () => movePost(-1),
      n: () => compose({ mode: "new" }),
      "/": () => {
        if (focusSearchBox()) return;
        focusWanted.set(true);
        void router.navigate({ to: "/explore" });
      },
      "?": () => shortcutsOpen.set(true),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target)) return;
      const inSequence = event.timeStamp - goPressedAt < sequenceMs;
      goPressedAt = event.key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const act = inSequence ? go[event.key] : single[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    // Capturing, so that the second key of "g b" does not reach the focused post as "bookmark".
    const onSequence = (event: KeyboardEvent) => {
      if (event.timeStamp - goPressedAt < sequenceMs && go[event.key]) {
        onKeyDown(event);
        event.stopPropagation();
      }
    };
    document.addEventListener("keydown", onSequence, true);
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onSequence, true);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, [router, username]);
}
