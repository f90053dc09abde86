import * as Radix from "@radix-ui/react-popover";
import type { ReactNode } from "react";

export interface Place {
  left: number;
  top: number;
  height: number;
}

interface CaretPopupProps {
  id: string;
  label: string;
  /** In pixels, within the nearest positioned ancestor. */
  at: Place;
  onClose: () => void;
  /** Options: the popup is a listbox. */
  children: ReactNode;
}

const stay = (event: Event) => event.preventDefault();

/** A listbox below a place in a text. The focus stays in the text; Escape, or a press elsewhere, closes the list. */
export function CaretPopup({ id, label, at, onClose, children }: CaretPopupProps) {
  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Anchor asChild>
        <span aria-hidden="true" className="pointer-events-none absolute w-px" style={at} />
      </Radix.Anchor>
      <Radix.Portal>
        <Radix.Content
          id={id}
          role="listbox"
          aria-label={label}
          align="start"
          sideOffset={4}
          collisionPadding={12}
          onOpenAutoFocus={stay}
          onCloseAutoFocus={stay}
          className="z-50 max-h-[min(20rem,var(--radix-popover-content-available-height))] w-80 max-w-[calc(100vw-24px)] overflow-y-auto overscroll-contain rounded-2xl border border-line bg-raised py-1 shadow-pop outline-none"
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
