import { cx } from "@/lib/cx";

/** Decorative: the element around it says that it is busy. */
export function Spinner({ className = "size-6" }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" fill="none" className={cx("animate-spin", className)} aria-hidden="true">
      <circle cx="12" cy="12" r="9" stroke="currentColor" strokeWidth="3" opacity=".22" />
      <path d="M21 12a9 9 0 0 0-9-9" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}

export function LoadingMore({ label = "Loading more" }: { label?: string }) {
  return (
    <div role="status" className="grid place-items-center py-6 text-accent">
      <Spinner />
      <span className="sr-only">{label}</span>
    </div>
  );
}
