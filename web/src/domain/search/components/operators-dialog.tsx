import { Dialog } from "@/ui/dialog";
import { operatorHelp } from "../operator-help";

interface OperatorsDialogProps {
  onClose: () => void;
  /** Puts an example into the box. */
  onInsert: (example: string) => void;
}

export default function OperatorsDialog({ onClose, onInsert }: OperatorsDialogProps) {
  const insert = (example: string) => {
    onClose();
    // After the dialog has given the focus back.
    setTimeout(() => onInsert(example));
  };
  return (
    <Dialog open onOpenChange={onClose} title="How to search precisely" wide>
      <p className="px-5 pb-2 text-[15px] text-muted">
        Combine as you like: <Code>#birds from:ana has:image -pigeon</Code>. Choose an example to put it into
        the box.
      </p>
      <div className="grid gap-x-6 px-5 pb-6 sm:grid-cols-2">
        {operatorHelp.map(({ title, examples }) => (
          <section key={title} className="pt-3">
            <h3 className="pb-1 text-sm font-bold text-muted">{title}</h3>
            <ul>
              {examples.map(([example, meaning]) => (
                <li key={example}>
                  <button
                    type="button"
                    onClick={() => insert(example)}
                    className="-mx-2 block w-[calc(100%+1rem)] rounded-lg px-2 py-1.5 text-left hover:bg-hover focus-visible:-outline-offset-2"
                  >
                    <Code>{example}</Code>
                    <span className="mt-0.5 block text-[14px] text-muted">{meaning}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

const Code = ({ children }: { children: string }) => (
  <code className="rounded-md bg-accent-soft px-1.5 py-0.5 font-sans text-[14px] font-semibold text-accent">
    {children}
  </code>
);
