import { Check, Plus } from "lucide-react";
import type { ButtonHTMLAttributes } from "react";
import { cx } from "@/lib/cx";
import { chip } from "./badge";

interface AltButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  described: boolean;
  /** As people count: "picture 1". */
  name: string;
}

/** Leads whoever posts something to its description, on top of it. */
export function AltButton({ described, name, className, ...rest }: AltButtonProps) {
  return (
    <button
      type="button"
      aria-label={described ? `Change the description of ${name}` : `Describe ${name}`}
      {...rest}
      className={cx(chip, className)}
    >
      {described ? <Check aria-hidden="true" /> : <Plus aria-hidden="true" />} ALT
    </button>
  );
}
