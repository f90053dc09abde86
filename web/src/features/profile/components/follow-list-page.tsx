import { Link } from "@tanstack/react-router";
import { Lock, UsersRound } from "lucide-react";
import { isApiError } from "@/api/problem";
import type { User } from "@/api/types";
import { usePageTitle } from "@/domain/use-page-title";
import { UserList } from "@/domain/users/components/user-list";
import { PageHeader } from "@/ui/page-header";
import { LoadingMore } from "@/ui/spinner";
import { EmptyState, ErrorState } from "@/ui/states";
import { useFollowList, useProfile } from "../api/use-profile";

type Kind = "followers" | "following";

const titles = { followers: "Followers", following: "Following" } as const;

export function FollowListPage({ username, kind }: { username: string; kind: Kind }) {
  const profile = useProfile(username);
  usePageTitle(`${titles[kind]} of @${username}`);
  const user = profile.data;
  return (
    <>
      <PageHeader title={user?.display_name || username} subtitle={`@${username}`} back />
      <Tabs username={username} />
      {profile.isPending && <LoadingMore label="Loading" />}
      {profile.isError && <ErrorState error={profile.error} onRetry={() => void profile.refetch()} />}
      {user && <FollowList user={user} kind={kind} />}
    </>
  );
}

function Tabs({ username }: { username: string }) {
  const className =
    "flex-1 py-3.5 text-center text-[15px] font-semibold text-muted hover:bg-hover " +
    "aria-[current=page]:text-text aria-[current=page]:shadow-[inset_0_-3px_0_var(--accent)]";
  return (
    <nav aria-label="Lists" className="flex border-b border-line">
      <Link to="/@{$username}/followers" params={{ username }} replace className={className}>
        Followers
      </Link>
      <Link to="/@{$username}/following" params={{ username }} replace className={className}>
        Following
      </Link>
    </nav>
  );
}

function FollowList({ user, kind }: { user: User; kind: Kind }) {
  const query = useFollowList(user, kind);
  if (isApiError(query.error, 403)) {
    return <EmptyState icon={Lock} title="This list is protected" text="Only followers can see it." />;
  }
  const title = kind === "followers" ? "No followers yet" : "Not following anyone yet";
  return (
    <UserList query={query} label={titles[kind]} empty={<EmptyState icon={UsersRound} title={title} />} />
  );
}
