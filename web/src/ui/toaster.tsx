import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { randomId } from "@/lib/ids";
import { createStore, useStore } from "@/lib/store";

interface ToastAction {
  label: string;
  run: () => void;
}
interface Toast {
  id: string;
  text: string;
  tone: "info" | "error";
  action?: ToastAction;
}

const visibleMs = 6000;
const mostAtOnce = 3;
const toasts = createStore<Toast[]>([]);

function add(text: string, tone: Toast["tone"], action?: ToastAction): void {
  const entry: Toast = { id: randomId(), text, tone, ...(action && { action }) };
  toasts.set([...toasts.get(), entry].slice(-mostAtOnce));
}

function dismiss(id: string): void {
  toasts.set(toasts.get().filter((entry) => entry.id !== id));
}

export const toast = {
  info: (text: string, action?: ToastAction) => add(text, "info", action),
  error: (text: string, action?: ToastAction) => add(text, "error", action),
};

/** The page's one place for passing messages. They stay while the pointer or the focus is on them. */
export function Toaster() {
  const entries = useStore(toasts);
  return (
    <section
      aria-label="Messages"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-20 z-60 flex flex-col items-center gap-2 sm:bottom-6"
    >
      {entries.map((entry) => (
        <ToastCard key={entry.id} entry={entry} />
      ))}
    </section>
  );
}

function ToastCard({ entry }: { entry: Toast }) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const hold = () => clearTimeout(timer.current);
  const release = () => {
    hold();
    timer.current = setTimeout(() => dismiss(entry.id), visibleMs);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per toast; the handlers only close over its id.
  useEffect(() => {
    release();
    return hold;
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the pointer only stops the clock
    <div
      role={entry.tone === "error" ? "alert" : "status"}
      onPointerEnter={hold}
      onPointerLeave={release}
      onFocus={hold}
      onBlur={release}
      className="pointer-events-auto flex max-w-120 animate-rise items-center gap-2 rounded-xl bg-text py-2 pr-2 pl-4 text-[14.5px] font-medium text-bg shadow-pop"
    >
      <span className="min-w-0 py-1">{entry.text}</span>
      {entry.action && (
        <button
          type="button"
          className="rounded-lg px-2.5 py-1.5 font-bold underline-offset-2 hover:underline"
          onClick={() => {
            entry.action?.run();
            dismiss(entry.id);
          }}
        >
          {entry.action.label}
        </button>
      )}
      <button
        type="button"
        aria-label="Dismiss"
        className="grid size-8 place-items-center rounded-lg opacity-70 hover:opacity-100"
        onClick={() => dismiss(entry.id)}
      >
        <X className="size-4" aria-hidden="true" />
      </button>
    </div>
  );
}
