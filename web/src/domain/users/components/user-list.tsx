import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Page, Relationship, UserBrief } from "@/api/types";
import { LoadMore } from "@/ui/load-more";
import { ErrorState } from "@/ui/states";
import { UserRow } from "./user-row";

type Listed = UserBrief & { viewer?: Relationship | null; bio?: string };

interface UserListProps<U extends Listed> {
  query: UseInfiniteQueryResult<InfiniteData<Page<U>>>;
  label: string;
  empty: ReactNode;
  action?: (user: U) => ReactNode;
}

/** An endless list of people with its loading, empty and error states. */
export function UserList<U extends Listed>({ query, label, empty, action }: UserListProps<U>) {
  if (query.isPending) return <UserListSkeleton />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const users = query.data.pages.flatMap((page) => page.data);
  if (users.length === 0 && !query.hasNextPage) return empty;
  return (
    <>
      <ul aria-label={label} className="divide-y divide-line">
        {users.map((user) => (
          <li key={user.id}>
            <UserRow user={user} {...(action && { action: action(user) })} />
          </li>
        ))}
      </ul>
      <LoadMore query={query} />
    </>
  );
}

function UserListSkeleton() {
  return (
    <div role="status" aria-label="Loading people">
      {Array.from({ length: 6 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
        <div key={row} className="flex gap-3 px-4 py-3">
          <span className="skeleton size-11 rounded-full" />
          <span className="flex-1 space-y-2 pt-1">
            <span className="skeleton block h-4 w-36" />
            <span className="skeleton block h-3.5 w-24" />
          </span>
        </div>
      ))}
    </div>
  );
}
