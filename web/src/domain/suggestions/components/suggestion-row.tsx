import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { FollowButton } from "@/domain/users/components/follow-button";
import { DisplayName } from "@/domain/users/components/user-names";
import { Avatar } from "@/ui/avatar";
import { IconButton } from "@/ui/button";
import { type SuggestedPerson, useDismiss } from "../use-suggestions";
import { reasonText } from "../words";

/** Somebody to follow, and why. */
export function SuggestionRow({ person }: { person: SuggestedPerson }) {
  const dismiss = useDismiss();
  return (
    <div className="relative flex items-start gap-3 py-2.5 pr-2 pl-4 text-left transition-colors hover:bg-hover">
      <Avatar user={person} className="size-10 text-base" />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <Link
            to="/@{$username}"
            params={{ username: person.username }}
            className="min-w-0 flex-1 leading-tight after:absolute after:inset-0"
          >
            <DisplayName user={person} className="text-[15px]" />
            <span className="block truncate text-[13.5px] text-muted">@{person.username}</span>
          </Link>
          <span className="relative flex items-center">
            <FollowButton user={person} />
            <IconButton
              label={`Do not suggest @${person.username}`}
              className="size-8"
              onClick={() => dismiss.mutate(person.id)}
            >
              <X className="size-4!" aria-hidden="true" />
            </IconButton>
          </span>
        </div>
        <Reason person={person} />
      </div>
    </div>
  );
}

function Reason({ person: { why } }: { person: SuggestedPerson }) {
  const faces = why.source === "network" ? why.via : [];
  return (
    <p className="mt-1.5 flex items-center gap-2 text-[13.5px] text-muted">
      {faces.length > 0 && (
        <span className="flex shrink-0 -space-x-1.5" aria-hidden="true">
          {faces.map((user) => (
            <Avatar key={user.id} user={user} className="size-5 text-[10px] ring-2 ring-bg" />
          ))}
        </span>
      )}
      <bdi className="min-w-0 leading-snug">{reasonText(why)}</bdi>
    </p>
  );
}
