import { CloudOff, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { messageOf } from "@/api/problem";
import { Button } from "./button";

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  text?: string;
  children?: ReactNode;
}

export function EmptyState({ icon: Icon, title, text, children }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-90 flex-col items-center px-6 py-16 text-center">
      <span className="grid size-16 place-items-center rounded-2xl bg-accent-soft text-accent">
        <Icon className="size-8" strokeWidth={1.6} aria-hidden="true" />
      </span>
      <h2 className="mt-5 text-xl font-bold text-balance">{title}</h2>
      {text && <p className="mt-1.5 text-[15px] text-balance text-muted">{text}</p>}
      {children && <div className="mt-5 w-full">{children}</div>}
    </div>
  );
}

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => void;
}

export function ErrorState({ error, onRetry }: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-14 text-center">
      <CloudOff className="size-9 text-muted" strokeWidth={1.6} aria-hidden="true" />
      <p className="mt-3 max-w-80 text-[15px] text-muted">{messageOf(error)}</p>
      {onRetry && (
        <Button variant="secondary" className="mt-4" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
