import { Clock } from "lucide-react";
import { messageOf } from "@/api/problem";
import { compose } from "@/domain/composing";
import { plural } from "@/lib/numbers";
import { useStore } from "@/lib/store";
import { Button } from "@/ui/button";
import { toast } from "@/ui/toaster";
import { attachmentsOf } from "../attachments";
import { rememberAttempt } from "../attempts";
import { draftKey, putBack } from "../drafts";
import { outbox, type Waiting } from "../outbox";

const kinds = { new: "Post", reply: "Reply", quote: "Quote" } as const;

/** Takes a post out of the outbox, unless it is on its way. */
function withdraw(waiting: Waiting, act: () => Promise<void>): void {
  outbox.withdraw(waiting.key, act).then(
    (done) => done || toast.info("It is being sent right now"),
    (error: unknown) => toast.error(messageOf(error)),
  );
}

function edit(userId: string, waiting: Waiting): void {
  const { target, content, media } = waiting;
  const draft = draftKey(userId, target);
  withdraw(waiting, async () => {
    await attachmentsOf(draft).takeBack(media);
    putBack(draft, content);
    rememberAttempt(draft, waiting);
    compose(target);
  });
}

/** What waits for a connection, or for its author where the server refused it. Nothing when nothing waits. */
export function WaitingPosts({ userId }: { userId: string }) {
  const list = useStore(outbox.list);
  if (list.length === 0) return null;
  return (
    <section aria-label="Waiting to be sent" className="border-b border-line bg-surface px-4 py-2.5">
      <p role="status" className="flex items-center gap-2 text-[14px] font-medium text-muted">
        <Clock className="size-4" aria-hidden="true" />
        {list.length} {plural(list.length, "post")} waiting to be sent
      </p>
      <ul className="max-h-72 divide-y divide-line overflow-y-auto">
        {list.map((waiting) => (
          <li key={waiting.key} className="flex items-center gap-1 py-1.5 pl-6">
            <div className="min-w-0 flex-1 text-[15px]">
              <p dir="auto" className="truncate">
                {waiting.content || `${kinds[waiting.target.mode]} with ${attached(waiting)}`}
              </p>
              {waiting.error && (
                <p role="alert" className="text-[13.5px] text-pretty text-danger">
                  {waiting.error}
                </p>
              )}
            </div>
            <Button variant="quiet" size="sm" onClick={() => edit(userId, waiting)}>
              Edit
            </Button>
            <Button variant="quiet" size="sm" onClick={() => withdraw(waiting, async () => undefined)}>
              Discard
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

const attached = ({ media }: Waiting) => (media.length === 1 ? "an attachment" : "attachments");
