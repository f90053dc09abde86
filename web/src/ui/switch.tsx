import { useId } from "react";
import { cx } from "@/lib/cx";

interface SwitchProps {
  label: string;
  text: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, text, checked, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className="flex items-start gap-4">
      <div className="flex-1">
        <span id={id} className="font-semibold">
          {label}
        </span>
        <p id={`${id}-text`} className="mt-0.5 text-sm text-muted">
          {text}
        </p>
      </div>
      <button
        type="button"
        role="switch"
        aria-checked={checked}
        aria-labelledby={id}
        aria-describedby={`${id}-text`}
        onClick={() => onChange(!checked)}
        className={cx(
          "relative mt-0.5 h-7 w-12 shrink-0 rounded-full transition-colors",
          checked ? "bg-accent" : "bg-line-strong",
        )}
      >
        <span
          className={cx(
            "absolute top-1 left-1 size-5 rounded-full bg-white shadow transition-transform",
            checked && "translate-x-5",
          )}
        />
      </button>
    </div>
  );
}
