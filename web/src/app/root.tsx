import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { composing, signInPrompt } from "@/domain/composing";
import { describedPost } from "@/domain/media/described-post";
import { lightbox } from "@/domain/media/lightbox";
import { useLiveStream } from "@/features/live/use-live-stream";
import { RouteAnnouncer } from "@/features/shell/components/route-announcer";
import { shortcutsOpen } from "@/features/shell/shortcuts";
import { useStore } from "@/lib/store";
import { Toaster } from "@/ui/toaster";

const ComposerDialog = lazy(() => import("@/features/composer/components/composer-dialog"));
const DescribePostDialog = lazy(() => import("@/domain/media/components/describe-post-dialog"));
const LightboxDialog = lazy(() => import("@/domain/media/components/lightbox-dialog"));
const ShortcutsDialog = lazy(() => import("@/features/shell/components/shortcuts-dialog"));
const JoinDialog = lazy(() => import("@/features/shell/components/join-dialog"));

/** Everything that outlives a page: the live connection, the dialogs that any page may open, the messages. */
export function Root() {
  useLiveStream();
  const writing = useStore(composing) !== null;
  const describing = useStore(describedPost) !== null;
  const looking = useStore(lightbox) !== null;
  const helping = useStore(shortcutsOpen);
  const joining = useStore(signInPrompt);
  return (
    <>
      <Outlet />
      <Suspense>
        {writing && <ComposerDialog />}
        {describing && <DescribePostDialog />}
        {looking && <LightboxDialog />}
        {helping && <ShortcutsDialog />}
        {joining && <JoinDialog />}
      </Suspense>
      <RouteAnnouncer />
      <Toaster />
    </>
  );
}
