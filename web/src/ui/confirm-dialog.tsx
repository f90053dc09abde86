import * as Radix from "@radix-ui/react-alert-dialog";
import { Button } from "./button";
import { useOpener } from "./opener";

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: string;
  confirm: string;
  onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ open, onOpenChange, title, text, confirm, onConfirm }: ConfirmDialogProps) {
  const giveBack = useOpener(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade-in bg-scrim" />
        <Radix.Content
          onCloseAutoFocus={giveBack}
          className="fixed inset-x-6 top-[30vh] z-50 mx-auto max-w-80 animate-rise rounded-2xl bg-raised p-6 shadow-pop"
        >
          <Radix.Title className="text-lg font-bold">{title}</Radix.Title>
          <Radix.Description className="mt-2 text-[15px] text-muted">{text}</Radix.Description>
          <div className="mt-5 grid gap-2.5">
            <Radix.Action asChild>
              <Button variant="danger" onClick={onConfirm}>
                {confirm}
              </Button>
            </Radix.Action>
            <Radix.Cancel asChild>
              <Button variant="secondary">Cancel</Button>
            </Radix.Cancel>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
