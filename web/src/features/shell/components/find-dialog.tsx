import { FindPerson } from "@/domain/users/components/find-person";
import { Dialog } from "@/ui/dialog";
import { finding } from "../finding";

/** Where the column beside the feed has no room: the same search as there. */
export default function FindDialog() {
  const close = () => finding.set(false);
  return (
    <Dialog open onOpenChange={close} title="Find someone">
      <div className="min-h-44 px-4 pt-1 pb-6">
        <FindPerson autoFocus onOpened={close} />
      </div>
    </Dialog>
  );
}
