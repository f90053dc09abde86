import * as Radix from "@radix-ui/react-dropdown-menu";
import { Check, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";

interface MenuProps {
  trigger: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  children: ReactNode;
}

export function Menu({ trigger, align = "end", side = "bottom", children }: MenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 min-w-52 animate-rise overflow-hidden rounded-xl border border-line bg-raised py-1.5 shadow-pop"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  icon: LucideIcon;
  danger?: boolean;
  onSelect: () => void;
  children: ReactNode;
}

export function MenuItem({ icon: Icon, danger, onSelect, children }: MenuItemProps) {
  return (
    <Radix.Item
      onSelect={onSelect}
      className={cx(
        "flex items-center gap-3 px-4 py-2.5 text-[15px] font-medium outline-none select-none",
        "data-highlighted:bg-hover",
        danger && "text-danger",
      )}
    >
      <Icon className="size-4.5 shrink-0" aria-hidden="true" />
      <span className="min-w-0">{children}</span>
    </Radix.Item>
  );
}

interface MenuChoicesProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}

/** Of which one is chosen. */
export function MenuChoices({ label, value, onChange, children }: MenuChoicesProps) {
  return (
    <Radix.RadioGroup aria-label={label} value={value} onValueChange={onChange}>
      {children}
    </Radix.RadioGroup>
  );
}

export function MenuChoice({ value, lang, children }: { value: string; lang?: string; children: ReactNode }) {
  return (
    <Radix.RadioItem
      value={value}
      lang={lang}
      className="flex items-center gap-3 px-4 py-2.5 text-[15px] font-medium outline-none select-none data-highlighted:bg-hover"
    >
      <span className="size-4.5 shrink-0">
        <Radix.ItemIndicator>
          <Check className="size-4.5" aria-hidden="true" />
        </Radix.ItemIndicator>
      </span>
      <span className="min-w-0">{children}</span>
    </Radix.RadioItem>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="my-1.5 h-px bg-line" />;
}
