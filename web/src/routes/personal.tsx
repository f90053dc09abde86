export { BookmarksPage } from "@/features/bookmarks/components/bookmarks-page";
export { NotificationsPage } from "@/features/notifications/components/notifications-page";
export { FollowRequestsPage } from "@/features/people/components/follow-requests-page";
