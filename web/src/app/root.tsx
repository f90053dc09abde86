import { CatchBoundary, Outlet } from "@tanstack/react-router";
import { Suspense, useEffect } from "react";
import { messageOf } from "@/api/problem";
import { composing, signInPrompt } from "@/domain/composing";
import { describedPost } from "@/domain/media/described-post";
import { lightbox } from "@/domain/media/lightbox";
import { useSessionStatus } from "@/domain/users/cache";
import { useOutbox } from "@/features/composer/use-outbox";
import { useLiveStream } from "@/features/live/use-live-stream";
import { RouteAnnouncer } from "@/features/shell/components/route-announcer";
import { shortcutsOpen } from "@/features/shell/shortcuts";
import { deployedAnew } from "@/lib/deployment";
import { LostCode, lazy } from "@/lib/lazy";
import { useStore } from "@/lib/store";
import { Toaster, toast } from "@/ui/toaster";

const ComposerDialog = lazy(() => import("@/features/composer/components/composer-dialog"));
const DescribePostDialog = lazy(() => import("@/domain/media/components/describe-post-dialog"));
const LightboxDialog = lazy(() => import("@/domain/media/components/lightbox-dialog"));
const ShortcutsDialog = lazy(() => import("@/features/shell/components/shortcuts-dialog"));
const JoinDialog = lazy(() => import("@/features/shell/components/join-dialog"));

const composerAheadMs = 2000;

/** Loads the composer once the page is there: people write without a connection, too. */
function useComposerAhead(): void {
  const signedIn = useSessionStatus() === "signed-in";
  useEffect(() => {
    if (!signedIn) return;
    const timer = setTimeout(() => void ComposerDialog.preload(), composerAheadMs);
    return () => clearTimeout(timer);
  }, [signedIn]);
}

/** A dialog that cannot be shown, for want of its code, leaves the page as it is. */
async function giveUp(error: unknown): Promise<void> {
  composing.set(null);
  describedPost.set(null);
  lightbox.set(null);
  shortcutsOpen.set(false);
  signInPrompt.set(false);
  if (!(error instanceof LostCode)) return toast.error(messageOf(error));
  error.forget();
  if (await deployedAnew()) toast.info("Rookery has been renewed", { label: "Reload", run: reload });
  else toast.error(messageOf(error));
}

const reload = () => location.reload();

/** Everything that outlives a page: the live connection, the posts that wait for one, the dialogs that any page may open, the messages. */
export function Root() {
  useLiveStream();
  useOutbox();
  useComposerAhead();
  const writing = useStore(composing) !== null;
  const describing = useStore(describedPost) !== null;
  const looking = useStore(lightbox) !== null;
  const helping = useStore(shortcutsOpen);
  const joining = useStore(signInPrompt);
  return (
    <>
      <Outlet />
      <CatchBoundary
        getResetKey={() => [writing, describing, looking, helping, joining].join()}
        errorComponent={() => null}
        onCatch={(error) => void giveUp(error)}
      >
        <Suspense>
          {writing && <ComposerDialog />}
          {describing && <DescribePostDialog />}
          {looking && <LightboxDialog />}
          {helping && <ShortcutsDialog />}
          {joining && <JoinDialog />}
        </Suspense>
      </CatchBoundary>
      <RouteAnnouncer />
      <Toaster />
    </>
  );
}
