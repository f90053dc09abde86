import type { InfiniteData } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Page, TimelineItem, UserBrief } from "@/api/types";
import { postKeys } from "@/domain/posts/cache";
import { useMe } from "@/domain/users/cache";
import { DisplayName } from "@/domain/users/components/user-names";
import { useCachedData } from "@/lib/use-cached-data";
import { Avatar } from "@/ui/avatar";
import { TimeAgo } from "@/ui/time-ago";

const mostShown = 5;

/** People of the loaded home timeline by their latest post. */
function lastSeen(home: InfiniteData<Page<TimelineItem>> | undefined, exceptId: string | undefined) {
  const people = new Map<string, { user: UserBrief; at: string }>();
  for (const item of home?.pages.flatMap((page) => page.data) ?? []) {
    if (item.author.id === exceptId || people.has(item.author.id)) continue;
    people.set(item.author.id, { user: item.author, at: item.created_at });
  }
  return [...people.values()].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, mostShown);
}

/** Who has been heard lately, from what the reader has loaded anyway. */
export default function Around() {
  const me = useMe();
  const home = useCachedData<InfiniteData<Page<TimelineItem>>>(postKeys.home);
  const people = lastSeen(home, me?.id);
  if (people.length < 2) return null;
  return (
    <section aria-labelledby="around" className="rounded-2xl border border-line pt-3 pb-2">
      <h2 id="around" className="px-4 pb-1 text-[17px] font-bold">
        Heard lately
      </h2>
      <ul>
        {people.map(({ user, at }) => (
          <li key={user.id}>
            <Link
              to="/@{$username}"
              params={{ username: user.username }}
              className="flex items-center gap-3 px-4 py-2 transition-colors hover:bg-hover"
            >
              <Avatar user={user} className="size-9 text-sm" />
              <span className="min-w-0 flex-1 leading-tight">
                <DisplayName user={user} className="text-[14.5px]" />
                <span className="block truncate text-[13.5px] text-muted">@{user.username}</span>
              </span>
              <span className="text-[13px] text-muted">
                <TimeAgo iso={at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
