import { useRouterState } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/** Long enough for the new page to have set its title. */
const titleDelayMs = 150;

/** Tells screen readers that a link led to another page; browsers do so only for real loads. */
export function RouteAnnouncer() {
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const [title, setTitle] = useState("");
  useEffect(() => {
    if (pathname === undefined) return;
    const timer = setTimeout(() => setTitle(document.title), titleDelayMs);
    return () => clearTimeout(timer);
  }, [pathname]);
  return (
    <p aria-live="polite" className="sr-only">
      {title}
    </p>
  );
}
