import { Inbox } from "lucide-react";
import { usePageTitle } from "@/domain/use-page-title";
import { UserList } from "@/domain/users/components/user-list";
import { Button } from "@/ui/button";
import { PageHeader } from "@/ui/page-header";
import { EmptyState } from "@/ui/states";
import { useAnswerRequest, useFollowRequests } from "../api/use-follow-requests";

export function FollowRequestsPage() {
  usePageTitle("Follow requests");
  const query = useFollowRequests();
  const answer = useAnswerRequest();
  const empty = (
    <EmptyState
      icon={Inbox}
      title="No requests"
      text="While your account is protected, people ask here before they follow you."
    />
  );
  return (
    <>
      <PageHeader title="Follow requests" back />
      <UserList
        query={query}
        label="Follow requests"
        empty={empty}
        action={(user) => (
          <span className="flex gap-2">
            <Button
              size="sm"
              aria-label={`Accept @${user.username}`}
              onClick={() => answer.mutate({ user, accept: true })}
            >
              Accept
            </Button>
            <Button
              size="sm"
              variant="secondary"
              aria-label={`Refuse @${user.username}`}
              onClick={() => answer.mutate({ user, accept: false })}
            >
              Refuse
            </Button>
          </span>
        )}
      />
    </>
  );
}
