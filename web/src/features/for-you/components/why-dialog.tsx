import { Link } from "@tanstack/react-router";
import { SlidersHorizontal, ThumbsDown } from "lucide-react";
import type { RankedItem, UserBrief, Why } from "@/api/types";
import { cx } from "@/lib/cx";
import { Avatar } from "@/ui/avatar";
import { Button, buttonClass } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { shareText, signalWords, sourceText } from "../words";

interface WhyDialogProps {
  item: RankedItem;
  onClose: () => void;
  onShowLess: () => void;
}

/** The whole answer to "why this post?": where it came from, what lifted and what lowered it, and what to do about it. */
export default function WhyDialog({ item, onClose, onShowLess }: WhyDialogProps) {
  const { via, signals } = item.why;
  return (
    <Dialog open onOpenChange={onClose} title="Why this post?">
      <div className="space-y-5 px-5 pt-1 pb-5">
        <div className="flex items-center gap-3">
          <Faces people={via.length > 0 ? via : [item.author]} />
          <p className="text-[15px] text-pretty">{sourceText(item)}</p>
        </div>
        <section>
          <h3 className="text-sm font-semibold text-muted">What moved it up or down</h3>
          <ul className="mt-2 space-y-3.5">
            {signals.map((signal) => (
              <SignalRow key={signal.name} signal={signal} />
            ))}
          </ul>
          {signals.length === 0 && <p className="mt-2 text-[15px]">Nothing in particular.</p>}
        </section>
        <div className="flex flex-wrap gap-2.5 border-t border-line pt-4">
          <Link to="/settings/ranking" className={buttonClass("secondary")}>
            <SlidersHorizontal className="size-4" aria-hidden="true" /> Tune your weights
          </Link>
          <Button
            variant="secondary"
            onClick={() => {
              onClose();
              onShowLess();
            }}
          >
            <ThumbsDown className="size-4" aria-hidden="true" /> Show less like this
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Faces({ people }: { people: UserBrief[] }) {
  return (
    <span className="flex shrink-0 -space-x-2.5">
      {people.map((user) => (
        <Avatar key={user.id} user={user} className="size-9 text-[15px] ring-2 ring-raised" />
      ))}
    </span>
  );
}

/** The bar only repeats what the text beside it says. */
function SignalRow({ signal: { name, share } }: { signal: Why["signals"][number] }) {
  const words = signalWords[name];
  const raised = share >= 0;
  return (
    <li>
      <p className="flex items-baseline gap-3 text-[15px]">
        <span className="flex-1 font-semibold">{words.label}</span>
        <span className={cx("font-medium tabular-nums", raised ? "text-accent" : "text-danger")}>
          {shareText(share)}
        </span>
      </p>
      <span aria-hidden="true" className="mt-1.5 block h-2 overflow-hidden rounded-full bg-line">
        <span
          className={cx("block h-full rounded-full", raised ? "bg-accent" : "bg-danger")}
          style={{ width: `${Math.max(2, Math.min(1, Math.abs(share)) * 100)}%` }}
        />
      </span>
      <p className="mt-1 text-sm text-muted">{words.text}</p>
    </li>
  );
}
