import { useParams } from "@tanstack/react-router";
import { FollowListPage } from "@/features/profile/components/follow-list-page";
import { ProfilePage } from "@/features/profile/components/profile-page";
import { EngagementPage, QuotesPage } from "@/features/thread/components/engagement-page";

const useUsername = () => useParams({ strict: false }).username ?? "";
const usePostId = () => useParams({ strict: false }).postId ?? "";

export const Posts = () => <ProfilePage username={useUsername()} tab="posts" />;
export const Replies = () => <ProfilePage username={useUsername()} tab="replies" />;
export const MediaTab = () => <ProfilePage username={useUsername()} tab="media" />;
export const Likes = () => <ProfilePage username={useUsername()} tab="likes" />;
export const Followers = () => <FollowListPage username={useUsername()} kind="followers" />;
export const Following = () => <FollowListPage username={useUsername()} kind="following" />;
export const Likers = () => <EngagementPage postId={usePostId()} kind="likes" />;
export const Reposters = () => <EngagementPage postId={usePostId()} kind="reposts" />;
export const Quotes = () => <QuotesPage postId={usePostId()} />;
