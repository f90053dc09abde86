import { Flame, UserRoundCheck, UsersRound } from "lucide-react";
import type { RankedItem } from "@/api/types";
import { reasonOf } from "../words";

const icons = { following: UserRoundCheck, network: UsersRound, trending: Flame };

interface ReasonProps {
  item: RankedItem;
  onAsk: () => void;
}

/** Why the post is here, in one quiet line that leads to the whole answer. */
export function Reason({ item, onAsk }: ReasonProps) {
  const Icon = icons[item.why.source];
  return (
    <p className="mb-1 flex items-center gap-3 text-[13px] font-medium text-muted">
      <span className="flex w-11 shrink-0 justify-end">
        <Icon className="size-4" aria-hidden="true" />
      </span>
      <button
        type="button"
        aria-haspopup="dialog"
        title="Why this post?"
        onClick={onAsk}
        className="min-w-0 truncate text-left underline-offset-2 hover:underline"
      >
        <bdi>{reasonOf(item)}</bdi>
      </button>
    </p>
  );
}
