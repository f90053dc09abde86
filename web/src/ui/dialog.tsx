import * as Radix from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "@/lib/cx";
import { IconButton } from "./button";
import { useOpener } from "./opener";

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** Said to screen readers; visible text where it helps everyone belongs into the children. */
  description?: string;
  /** Beside the title. */
  action?: ReactNode;
  wide?: boolean;
  /** Fills a phone's whole screen. */
  fullOnPhone?: boolean;
  /** Opens above another dialog. */
  nested?: boolean;
  onInteractOutside?: (event: Event) => void;
  children: ReactNode;
}

export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, action, wide, fullOnPhone, nested, children } = props;
  const giveBack = useOpener(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={cx("fixed inset-0 animate-fade-in bg-scrim", nested ? "z-50" : "z-40")} />
        <Radix.Content
          {...(description ? {} : { "aria-describedby": undefined })}
          onCloseAutoFocus={giveBack}
          onInteractOutside={(event) => props.onInteractOutside?.(event)}
          className={cx(
            "fixed inset-x-0 z-50 mx-auto flex animate-rise flex-col overflow-hidden bg-raised shadow-pop outline-none",
            "sm:top-[7vh] sm:max-h-[86vh] sm:rounded-2xl",
            wide ? "sm:max-w-160" : "sm:max-w-120",
            fullOnPhone
              ? "inset-y-0 sm:bottom-auto"
              : "bottom-0 max-h-[92vh] rounded-t-2xl sm:bottom-auto sm:rounded-2xl",
          )}
        >
          <header className="flex items-center gap-2 px-3 py-2.5">
            <Radix.Close asChild>
              <IconButton label="Close">
                <X />
              </IconButton>
            </Radix.Close>
            <Radix.Title className="flex-1 truncate text-[17px] font-bold">{title}</Radix.Title>
            {action}
          </header>
          {description && <Radix.Description className="sr-only">{description}</Radix.Description>}
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
