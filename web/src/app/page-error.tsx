import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { deployedAnew } from "@/lib/deployment";
import { LostCode } from "@/lib/lazy";
import { useOnline } from "@/lib/online";
import { PageHeader } from "@/ui/page-header";
import { ErrorState } from "@/ui/states";

/** A page that broke: its code could not be loaded, or a mistake of ours. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof LostCode) return <NotLoaded error={error} reset={reset} />;
  return <ErrorState error={error} onRetry={() => void router.invalidate()} />;
}

/** Marks a tab that has been reloaded for a new version, so that servers of two versions do not make it reload forever. */
const reloadedKey = "rookery.reloaded";
const reloadAtMostEveryMs = 60_000;

async function reloadIfDeployedAnew(): Promise<void> {
  const last = Number(sessionStorage.getItem(reloadedKey));
  if (Date.now() - last < reloadAtMostEveryMs || !(await deployedAnew())) return;
  sessionStorage.setItem(reloadedKey, String(Date.now()));
  location.reload();
}

/** Tried again by the button and as soon as the browser is online; reloaded only for a new version. */
function NotLoaded({ error, reset }: { error: LostCode; reset: () => void }) {
  const online = useOnline();
  useEffect(() => {
    error.forget();
    if (online) void reloadIfDeployedAnew();
  }, [error, online]);
  useEffect(() => {
    window.addEventListener("online", reset);
    return () => window.removeEventListener("online", reset);
  }, [reset]);
  return (
    <>
      <PageHeader title="Not loaded" back />
      <ErrorState error={error} onRetry={reset} />
    </>
  );
}
