import { Link } from "@tanstack/react-router";
import { Ban, EyeOff, Lock, NotebookPen, UserRoundX } from "lucide-react";
import { useState } from "react";
import { isApiError } from "@/api/problem";
import type { User } from "@/api/types";
import { PostFeed } from "@/domain/posts/components/post-feed";
import { usePageTitle } from "@/domain/use-page-title";
import { noRelationship, useMe } from "@/domain/users/cache";
import { nameOf } from "@/domain/users/via-text";
import { fullNumber, plural } from "@/lib/numbers";
import { Button } from "@/ui/button";
import { PageHeader } from "@/ui/page-header";
import { LoadingMore } from "@/ui/spinner";
import { EmptyState, ErrorState } from "@/ui/states";
import { type ProfileTab, useProfile, useUserPosts } from "../api/use-profile";
import { MediaGrid } from "./media-grid";
import { ProfileHeader } from "./profile-header";

export function ProfilePage({ username, tab }: { username: string; tab: ProfileTab }) {
  const query = useProfile(username);
  const user = query.data;
  const missing = isApiError(query.error, 404, 400);
  usePageTitle(
    user ? `${nameOf(user)} (@${user.username})` : missing ? `@${username} not found` : `@${username}`,
  );
  if (!user) {
    return (
      <>
        <PageHeader title={`@${username}`} back />
        {query.isPending && <LoadingMore label="Loading the profile" />}
        {query.isError && (
          <ProfileError username={username} error={query.error} onRetry={() => void query.refetch()} />
        )}
      </>
    );
  }
  const posts = `${fullNumber(user.posts_count)} ${plural(user.posts_count, "post")}`;
  return (
    <>
      <PageHeader title={<bdi>{user.display_name || user.username}</bdi>} subtitle={posts} back />
      <ProfileHeader user={user} />
      <Tabs user={user} />
      <ProfilePosts key={user.id} user={user} tab={tab} />
    </>
  );
}

function Tabs({ user }: { user: User }) {
  const mine = useMe()?.id === user.id;
  const params = { username: user.username };
  const link =
    "flex flex-1 justify-center text-[15px] font-semibold text-muted transition-colors hover:bg-hover " +
    "[&>span]:border-b-3 [&>span]:border-transparent [&>span]:py-3.5 " +
    "aria-[current=page]:text-text aria-[current=page]:[&>span]:border-accent";
  const options = {
    params,
    replace: true,
    resetScroll: false,
    activeOptions: { exact: true },
    className: link,
  };
  return (
    <nav aria-label="Profile" className="flex border-b border-line">
      <Link to="/@{$username}" {...options}>
        <span>Posts</span>
      </Link>
      <Link to="/@{$username}/replies" {...options}>
        <span>Replies</span>
      </Link>
      <Link to="/@{$username}/media" {...options}>
        <span>Media</span>
      </Link>
      {mine && (
        <Link to="/@{$username}/likes" {...options}>
          <span>Likes</span>
        </Link>
      )}
    </nav>
  );
}

const nothing: Record<ProfileTab, string> = {
  posts: "No posts yet",
  replies: "No posts or replies yet",
  media: "No pictures or videos yet",
  likes: "No likes yet",
};

function ProfilePosts({ user, tab }: { user: User; tab: ProfileTab }) {
  const me = useMe();
  const [peek, setPeek] = useState(false);
  const viewer = user.viewer ?? noRelationship;
  const mine = me?.id === user.id;
  const closed = user.protected && !mine && !viewer.following;
  const visible = !viewer.blocked_by && !closed && !viewer.blocking && (!viewer.muting || peek);
  const query = useUserPosts(user, tab, visible);
  const name = `@${user.username}`;
  if (viewer.blocked_by) {
    return (
      <EmptyState
        icon={UserRoundX}
        title={`${name} has blocked you`}
        text="You cannot follow them or see their posts."
      />
    );
  }
  if (viewer.blocking) {
    return (
      <EmptyState icon={Ban} title={`You have blocked ${name}`} text="Unblock them to see their posts." />
    );
  }
  if (closed) {
    const text = viewer.requested
      ? "Your request is waiting for an answer."
      : "Only followers see their posts. Send a request to become one.";
    return <EmptyState icon={Lock} title="These posts are protected" text={text} />;
  }
  if (viewer.muting && !peek) {
    return (
      <EmptyState icon={EyeOff} title={`You have muted ${name}`} text="Their posts stay out of your way.">
        <Button variant="secondary" onClick={() => setPeek(true)}>
          Show posts
        </Button>
      </EmptyState>
    );
  }
  if (isApiError(query.error, 403)) {
    return <EmptyState icon={Lock} title="These posts are not for you" text={query.error.message} />;
  }
  const empty = <EmptyState icon={NotebookPen} title={nothing[tab]} />;
  if (tab === "media")
    return <MediaGrid label={`Pictures and videos of ${name}`} query={query} empty={empty} />;
  return (
    <PostFeed name={`profile:${user.id}:${tab}`} label={`Posts of ${name}`} query={query} empty={empty} />
  );
}

function ProfileError(props: { username: string; error: unknown; onRetry: () => void }) {
  if (isApiError(props.error, 404, 400)) {
    const title = `Nobody is called @${props.username}`;
    return (
      <EmptyState icon={UserRoundX} title={title} text="The name may be misspelt, or the account is gone." />
    );
  }
  return <ErrorState error={props.error} onRetry={props.onRetry} />;
}
