import { useStore } from "@/lib/store";
import { Dialog } from "@/ui/dialog";
import { shortcutGroups, shortcutsOpen } from "../shortcuts";

export default function ShortcutsDialog() {
  const open = useStore(shortcutsOpen);
  return (
    <Dialog open={open} onOpenChange={shortcutsOpen.set} title="Keyboard shortcuts" wide>
      <div className="grid gap-x-8 px-5 pb-6 sm:grid-cols-2">
        {shortcutGroups.map((group) => (
          <section key={group.title}>
            <h3 className="pt-2 pb-1 text-sm font-bold text-muted">{group.title}</h3>
            <dl>
              {group.keys.map(([key, meaning]) => (
                <div key={key} className="flex items-center justify-between py-1.5">
                  <dt className="text-[15px]">{meaning}</dt>
                  <dd className="flex gap-1">
                    {key.split(" ").map((part) => (
                      <kbd
                        key={part}
                        className="min-w-7 rounded-md border border-line-strong bg-surface px-1.5 py-0.5 text-center font-sans text-[13px] font-semibold"
                      >
                        {part}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
