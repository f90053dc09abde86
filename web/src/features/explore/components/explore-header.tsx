import { useCanGoBack, useNavigate, useRouter } from "@tanstack/react-router";
import { ArrowLeft, SlidersHorizontal } from "lucide-react";
import { type ReactNode, Suspense, useId, useState } from "react";
import { SearchBox } from "@/domain/search/components/search-box";
import type { QueryRefusal } from "@/domain/search/refusal";
import { lazy } from "@/lib/lazy";
import { IconButton } from "@/ui/button";
import { RefusedQuery } from "./refused-query";

const AdvancedDialog = lazy(() => import("./advanced-dialog"));

interface ExploreHeaderProps {
  query?: string;
  refusal?: QueryRefusal | null;
  /** Below the box. */
  children?: ReactNode;
}

/** The bar on top of explore: the box, what is wrong with what stands in it, and the form that writes it for you. */
export function ExploreHeader({ query = "", refusal, children }: ExploreHeaderProps) {
  const [advancing, setAdvancing] = useState(false);
  const refusalId = useId();
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-bg/90 backdrop-blur-md">
      <h1 className="sr-only">{query ? `Search for ${query}` : "Explore"}</h1>
      <div className="flex min-h-14 items-center gap-2 px-4 max-sm:px-3">
        {query && <BackButton />}
        <SearchBox query={query} {...(refusal && { refusalId })} />
        <IconButton label="Advanced search" aria-haspopup="dialog" onClick={() => setAdvancing(true)}>
          <SlidersHorizontal aria-hidden="true" />
        </IconButton>
      </div>
      {refusal && <RefusedQuery id={refusalId} refusal={refusal} />}
      {children}
      <Suspense>{advancing && <AdvancedDialog query={query} onClose={() => setAdvancing(false)} />}</Suspense>
    </header>
  );
}

function BackButton() {
  const router = useRouter();
  const navigate = useNavigate();
  const canGoBack = useCanGoBack();
  return (
    <IconButton
      label="Back"
      className="-ml-2 text-text"
      onClick={() => (canGoBack ? router.history.back() : void navigate({ to: "/explore" }))}
    >
      <ArrowLeft />
    </IconButton>
  );
}
