import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

interface MissingAltProps {
  onDescribe: () => void;
  onPost: () => void;
  onClose: () => void;
}

/** Before something is posted that not everyone can see. */
export function MissingAlt({ onDescribe, onPost, onClose }: MissingAltProps) {
  return (
    <Dialog open nested onOpenChange={onClose} title="Add a description?">
      <div className="space-y-4 px-5 pb-6">
        <p className="text-[15px] text-muted">
          Something that you attached has no description. People who cannot see it will not know what it
          shows.
        </p>
        <div className="grid gap-2.5">
          <Button onClick={onDescribe}>Describe it</Button>
          <Button variant="secondary" onClick={onPost}>
            Post without
          </Button>
        </div>
        <p className="text-center text-[13.5px] text-muted">
          You can switch this reminder off in{" "}
          <Link to="/settings/appearance" className="text-accent underline">
            Settings
          </Link>
          .
        </p>
      </div>
    </Dialog>
  );
}
