import { useCanGoBack, useRouter } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "./button";

interface PageHeaderProps {
  title: ReactNode;
  subtitle?: ReactNode;
  back?: boolean;
  action?: ReactNode;
}

/** The bar on top of a column; stays while the column scrolls. */
export function PageHeader({ title, subtitle, back, action }: PageHeaderProps) {
  return (
    <header className="sticky top-0 z-20 flex min-h-14 items-center gap-3 border-b border-line bg-bg/85 px-4 backdrop-blur-md">
      {back && <BackButton />}
      <div className="min-w-0 flex-1 leading-tight">
        <h1 className="truncate text-[19px] font-bold">{title}</h1>
        {subtitle && <p className="truncate text-[13px] text-muted">{subtitle}</p>}
      </div>
      {action}
    </header>
  );
}

function BackButton() {
  const router = useRouter();
  const canGoBack = useCanGoBack();
  const leave = () => (canGoBack ? router.history.back() : void router.navigate({ to: "/" }));
  return (
    <IconButton label="Back" className="-ml-2 text-text" onClick={leave}>
      <ArrowLeft />
    </IconButton>
  );
}
