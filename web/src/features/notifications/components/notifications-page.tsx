import { Link } from "@tanstack/react-router";
import { Bell, ChevronRight } from "lucide-react";
import { PostSkeletons } from "@/domain/posts/components/post-skeletons";
import { usePageTitle } from "@/domain/use-page-title";
import { useMe } from "@/domain/users/cache";
import { LoadMore } from "@/ui/load-more";
import { PageHeader } from "@/ui/page-header";
import { EmptyState, ErrorState } from "@/ui/states";
import { useMarkRead, useNotifications } from "../api/use-notifications";
import { NotificationRow } from "./notification-row";

export function NotificationsPage() {
  usePageTitle("Notifications");
  const query = useNotifications();
  const items = query.data?.pages.flatMap((page) => page.data) ?? [];
  useMarkRead(items[0]?.id);
  return (
    <>
      <PageHeader title="Notifications" />
      <RequestsLink />
      {query.isPending && <PostSkeletons />}
      {query.isError && !query.data && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data && items.length === 0 && !query.hasNextPage && (
        <EmptyState
          icon={Bell}
          title="All quiet"
          text="Likes, replies, mentions and new followers land here the moment they happen."
        />
      )}
      <ul aria-label="Notifications">
        {items.map((notification) => (
          <li key={notification.id}>
            <NotificationRow notification={notification} />
          </li>
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}

/** Protected accounts find their requests here. */
function RequestsLink() {
  const me = useMe();
  if (!me?.protected) return null;
  return (
    <Link
      to="/requests"
      className="flex items-center justify-between border-b border-line px-4 py-3.5 font-semibold transition-colors hover:bg-hover"
    >
      Follow requests <ChevronRight className="size-5 text-muted" aria-hidden="true" />
    </Link>
  );
}
