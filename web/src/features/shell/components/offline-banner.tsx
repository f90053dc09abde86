import { WifiOff } from "lucide-react";
import { useOnline } from "@/lib/online";

/** On top of a phone's page; elsewhere above the column, where it moves nothing and covers no navigation. */
export function OfflineBanner() {
  const online = useOnline();
  return (
    <div
      role="status"
      className="pointer-events-none z-50 flex justify-center sm:fixed sm:inset-x-22 sm:bottom-20 xl:bottom-5"
    >
      {!online && (
        <p className="pointer-events-auto flex items-center gap-3 bg-text px-4 py-2 text-sm font-medium text-bg max-sm:flex-1 sm:max-w-120 sm:rounded-xl sm:shadow-pop">
          <WifiOff className="size-4 shrink-0" aria-hidden="true" />
          You are offline. What is loaded can be read and drafts are kept; the rest waits until you are back
          online.
        </p>
      )}
    </div>
  );
}
