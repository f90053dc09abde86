import * as Radix from "@radix-ui/react-alert-dialog";
import { Button } from "./button";
import { useFocusBack } from "./use-focus-back";

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  text: string;
  confirm: string;
  cancel?: string;
  onConfirm: () => void;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, text, confirm, cancel = "Cancel", onConfirm } = props;
  const focusBack = useFocusBack(open);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 animate-fade-in bg-scrim" />
        <Radix.Content
          onCloseAutoFocus={focusBack}
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
              <Button variant="secondary">{cancel}</Button>
            </Radix.Cancel>
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
