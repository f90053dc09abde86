import type { ButtonHTMLAttributes, Ref } from "react";
import { cx } from "@/lib/cx";
import { Spinner } from "./spinner";

type Variant = "primary" | "secondary" | "quiet" | "danger";
type Size = "sm" | "md" | "lg" | "round";

const base =
  "inline-flex items-center justify-center gap-2 rounded-full font-semibold whitespace-nowrap select-none " +
  "transition-[background-color,color,border-color,transform] duration-150 active:scale-[0.98] " +
  "disabled:opacity-50 disabled:active:scale-100";

const variants: Record<Variant, string> = {
  primary: "bg-accent text-on-accent enabled:hover:bg-accent-hover",
  secondary: "border border-line-strong bg-bg text-text enabled:hover:bg-hover",
  quiet: "text-accent enabled:hover:bg-accent-soft",
  danger: "border border-danger/40 text-danger bg-bg enabled:hover:bg-danger-soft",
};

const sizes: Record<Size, string> = {
  sm: "h-8 px-3.5 text-[13.5px]",
  md: "h-9.5 px-4.5 text-[14.5px]",
  lg: "h-12 px-6 text-base",
  round: "size-14",
};

/** Class names for links that look like buttons. */
export const buttonClass = (variant: Variant = "primary", size: Size = "md") =>
  cx(base, variants[variant], sizes[size]);

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: Variant;
  size?: Size;
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button(props: ButtonProps) {
  const { variant = "primary", size = "md", busy = false, className, disabled, children, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={cx(buttonClass(variant, size), className)}
    >
      {busy && <Spinner className="size-4" />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string;
  ref?: Ref<HTMLButtonElement>;
}

/** A round button that shows only an icon; `label` is its name for everyone. */
export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        "inline-grid size-9 shrink-0 place-items-center rounded-full text-muted transition-colors",
        "hover:bg-hover hover:text-text disabled:opacity-40 [&_svg]:size-5",
        className,
      )}
    />
  );
}
