import { CatchBoundary } from "@tanstack/react-router";
import { Suspense } from "react";
import { PostSkeletons } from "@/domain/posts/components/post-skeletons";
import { useSessionStatus } from "@/domain/users/cache";
import { lazy } from "@/lib/lazy";
import { PageHeader } from "@/ui/page-header";
import { PageError } from "./page-error";

const ShellFrame = lazy(() =>
  import("@/features/shell/components/shell").then((all) => ({ default: all.ShellFrame })),
);
const Home = lazy(() => import("@/routes/home"));
const Landing = lazy(() =>
  import("@/features/home/components/landing").then((all) => ({ default: all.Landing })),
);

const homeSkeleton = (
  <>
    <PageHeader title={<span className="sr-only">Home</span>} />
    <PostSkeletons />
  </>
);

/** The address "/": the timeline for members, the front door for everybody else. */
export function Start() {
  const signedIn = useSessionStatus() === "signed-in";
  if (!signedIn) {
    return (
      <Suspense>
        <Landing />
      </Suspense>
    );
  }
  return (
    <Suspense>
      <ShellFrame>
        <Suspense fallback={homeSkeleton}>
          <CatchBoundary getResetKey={() => "home"} errorComponent={PageError}>
            <Home />
          </CatchBoundary>
        </Suspense>
      </ShellFrame>
    </Suspense>
  );
}
