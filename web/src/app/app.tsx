import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ApiError } from "@/api/problem";
import { session } from "@/api/session";
import { useSessionStatus } from "@/domain/users/cache";
import { Logo } from "@/ui/logo";
import { ErrorState } from "@/ui/states";
import { queryClient } from "./query-client";
import { router } from "./router";

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <Gate />
    </QueryClientProvider>
  );
}

const unreachable = new ApiError(0, {});

/** Waits until it is known who is there, so that no page is built for the wrong person. */
function Gate() {
  const status = useSessionStatus();
  if (status === "starting") {
    return (
      <div role="status" aria-label="Starting Rookery" className="grid min-h-dvh place-items-center">
        <Logo className="size-16 animate-pulse" />
      </div>
    );
  }
  if (status === "unreachable") {
    return (
      <main className="grid min-h-dvh place-items-center">
        <ErrorState error={unreachable} onRetry={() => void session.start()} />
      </main>
    );
  }
  return <RouterProvider router={router} />;
}
