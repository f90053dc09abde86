import { composing } from "@/domain/composing";
import { useMe } from "@/domain/users/cache";
import { useStore } from "@/lib/store";
import { Dialog } from "@/ui/dialog";
import { Composer } from "./composer";

const titles = { new: "New post", reply: "Reply", quote: "Quote", edit: "Edit post" } as const;

export default function ComposerDialog() {
  const target = useStore(composing);
  const me = useMe();
  const close = () => composing.set(null);
  if (!target || !me) return null;
  return (
    <Dialog open onOpenChange={close} title={titles[target.mode]} wide fullOnPhone>
      <Composer me={me} target={target} autoFocus onSent={close} />
    </Dialog>
  );
}
