import { useParams } from "@tanstack/react-router";
import { HashtagPage } from "@/features/hashtag/components/hashtag-page";

export { BookmarksPage } from "@/features/bookmarks/components/bookmarks-page";
export { NotificationsPage } from "@/features/notifications/components/notifications-page";
export { FollowRequestsPage } from "@/features/people/components/follow-requests-page";

export function Hashtag() {
  const { tag } = useParams({ from: "/shell/private/hashtag/$tag" });
  return <HashtagPage key={tag} tag={tag} />;
}
