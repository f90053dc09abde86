import { useQueryClient } from "@tanstack/react-query";
import { ArrowUp } from "lucide-react";
import type { UserBrief } from "@/api/types";
import { showArrivals, useArrivals } from "@/domain/posts/arrivals";
import { plural } from "@/lib/numbers";
import { Avatar } from "@/ui/avatar";

const mostFaces = 3;

function faces(people: UserBrief[]): UserBrief[] {
  return [...new Map(people.map((user) => [user.id, user])).values()].slice(0, mostFaces);
}

/** Says that posts have arrived; the page moves only when the reader asks for it. */
export function NewPostsPill() {
  const client = useQueryClient();
  const { data, fresh } = useArrivals();
  const count = data.length;
  const show = () => {
    showArrivals(client);
    window.scrollTo({ top: 0 });
  };
  return (
    <div role="status" className="pointer-events-none sticky top-16 z-10 flex h-0 justify-center">
      {count > 0 && (
        <button
          type="button"
          onClick={show}
          className="pointer-events-auto flex h-9.5 animate-drop items-center gap-2 rounded-full bg-accent pr-4 pl-3 text-[14px] font-semibold text-on-accent shadow-pop hover:bg-accent-hover"
        >
          <ArrowUp className="size-4" aria-hidden="true" />
          <span className="flex -space-x-1.5" aria-hidden="true">
            {faces(data.map((item) => item.reposted_by ?? item.author)).map((user) => (
              <Avatar key={user.id} user={user} className="size-6 text-[11px] ring-2 ring-accent" />
            ))}
          </span>
          {count}
          {fresh && "+"} new {plural(count, "post")}
        </button>
      )}
    </div>
  );
}
