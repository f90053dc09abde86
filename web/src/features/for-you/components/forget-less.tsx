import { Suspense, useState } from "react";
import type { Ranking } from "@/api/types";
import { lazy } from "@/lib/lazy";
import { fullNumber, plural } from "@/lib/numbers";
import { Button } from "@/ui/button";
import { useForgetLess } from "../api/use-ranking";

const ConfirmDialog = lazy(() =>
  import("@/ui/confirm-dialog").then((all) => ({ default: all.ConfirmDialog })),
);

function lessText({ posts, authors }: Ranking["less"]): string {
  if (posts === 0) return "You have not asked to see less of anything.";
  const what = `${fullNumber(posts)} ${plural(posts, "post")}`;
  const who = `${fullNumber(authors)} ${plural(authors, "author")}`;
  return `You asked to see less like ${what} by ${who}. It wears off in about a month.`;
}

/** What "show less like this" has gathered, and the way to forget it. */
export function ForgetLess({ less }: { less: Ranking["less"] }) {
  const [asking, setAsking] = useState(false);
  const forget = useForgetLess();
  return (
    <section className="border-t border-line pt-5">
      <h2 className="font-semibold">Less like this</h2>
      <p className="mt-0.5 text-sm text-muted">{lessText(less)}</p>
      <Button
        variant="danger"
        className="mt-3"
        busy={forget.isPending}
        disabled={less.posts === 0}
        onClick={() => setAsking(true)}
      >
        Forget it
      </Button>
      <Suspense>
        {asking && (
          <ConfirmDialog
            open
            onOpenChange={setAsking}
            title="Forget what you asked to see less of?"
            text="The posts and their authors are ranked on their merits again. This cannot be undone."
            confirm="Forget"
            onConfirm={() => forget.mutate()}
          />
        )}
      </Suspense>
    </section>
  );
}
