import { Monitor, Smartphone } from "lucide-react";
import { Suspense, useState } from "react";
import type { Session } from "@/api/types";
import { lazy } from "@/lib/lazy";
import { describeAgent } from "@/lib/user-agent";
import { Button } from "@/ui/button";
import { LoadingMore } from "@/ui/spinner";
import { ErrorState } from "@/ui/states";
import { TimeAgo } from "@/ui/time-ago";
import { useRevokeOthers, useRevokeSession, useSessions } from "../api/use-settings";

const ConfirmDialog = lazy(() =>
  import("@/ui/confirm-dialog").then((all) => ({ default: all.ConfirmDialog })),
);

export function SessionsSettings() {
  const query = useSessions();
  const others = useRevokeOthers();
  const [asking, setAsking] = useState(false);
  if (query.isPending) return <LoadingMore label="Loading your sessions" />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const sessions = [...query.data.data].sort((a, b) => Number(b.current) - Number(a.current));
  return (
    <div className="p-4">
      <ul aria-label="Sessions" className="divide-y divide-line rounded-2xl border border-line">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {sessions.length > 1 && (
        <Button variant="danger" className="mt-4" busy={others.isPending} onClick={() => setAsking(true)}>
          End all other sessions
        </Button>
      )}
      <Suspense>
        {asking && (
          <ConfirmDialog
            open
            onOpenChange={setAsking}
            title="End all other sessions?"
            text="Everywhere but here you are signed out and have to sign in again."
            confirm="End them"
            onConfirm={() => others.mutate()}
          />
        )}
      </Suspense>
    </div>
  );
}

function SessionRow({ session }: { session: Session }) {
  const revoke = useRevokeSession();
  const agent = describeAgent(session.user_agent);
  const Icon = agent.mobile ? Smartphone : Monitor;
  return (
    <li className="flex items-center gap-4 px-4 py-3.5">
      <Icon className="size-6 shrink-0 text-muted" strokeWidth={1.7} aria-hidden="true" />
      <div className="min-w-0 flex-1 leading-snug">
        <p className="font-semibold">{agent.name}</p>
        <p className="text-[14.5px] text-muted">
          {session.ip_address} · {session.current ? <CurrentMark /> : <TimeAgo iso={session.last_used_at} />}
        </p>
      </div>
      <Button
        variant="secondary"
        size="sm"
        busy={revoke.isPending}
        aria-label={session.current ? "Sign out of this session" : `End the session ${agent.name}`}
        onClick={() => revoke.mutate(session)}
      >
        {session.current ? "Sign out" : "End"}
      </Button>
    </li>
  );
}

const CurrentMark = () => <span className="font-medium text-repost">This device</span>;
