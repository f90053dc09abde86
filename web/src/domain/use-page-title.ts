import { useEffect } from "react";
import { useUnreadCount } from "./unread";

/** Sets the tab's title: the page, the product, and how many notifications wait. */
export function usePageTitle(title: string | undefined): void {
  const unread = useUnreadCount();
  useEffect(() => {
    const page = title ? `${title} · Rookery` : "Rookery";
    document.title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${page}` : page;
  }, [title, unread]);
}
