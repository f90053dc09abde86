import { useMemo } from "react";

/**
 * Gives the focus back to what had it when something opened: Radix does so for its own triggers alone, and most of what opens
 * here is opened by something else. `otherwise` finds what stands in its place when it is gone.
 */
export function useFocusBack(open: boolean, otherwise?: () => HTMLElement | null) {
  const opener = useMemo(() => (open ? openerOf(document.activeElement) : null), [open]);
  return (event: Event) => {
    event.preventDefault();
    const next = opener?.isConnected ? opener : otherwise?.();
    next?.focus({ preventScroll: true });
  };
}

/** A menu goes when one of its items is chosen; its trigger stays. The body has the focus when nothing has. */
function openerOf(active: Element | null): HTMLElement | null {
  const trigger = active?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  const opener = trigger ? document.getElementById(trigger) : active;
  return opener instanceof HTMLElement && opener !== document.body ? opener : null;
}
