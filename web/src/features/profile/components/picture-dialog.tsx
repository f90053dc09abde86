import { useEffect, useState } from "react";
import { messageOf } from "@/api/problem";
import type { Me } from "@/api/types";
import { Cropper } from "@/domain/media/components/cropper";
import type { CropArea } from "@/domain/media/crop";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormError } from "@/ui/field";
import { toast } from "@/ui/toaster";
import { Refused, type Slot, useSetPicture } from "../api/use-picture";

interface PictureDialogProps {
  slot: Slot;
  me: Me;
  file: File;
  onClose: () => void;
}

const shapes = {
  avatar: { title: "Profile picture", ratio: 1, round: true },
  header: { title: "Header picture", ratio: 3, round: false },
} as const;

export default function PictureDialog({ slot, me, file, onClose }: PictureDialogProps) {
  const { title, ratio, round } = shapes[slot];
  const set = useSetPicture(slot, me);
  const [crop, setCrop] = useState<CropArea | null>(null);
  const [unseen, setUnseen] = useState(false);
  const [src, setSrc] = useState<string>();
  useEffect(() => {
    const url = URL.createObjectURL(file);
    setSrc(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  const apply = () =>
    set.mutate(
      { file, crop },
      {
        onSuccess: () => {
          toast.info(`Your ${title.toLowerCase()} is new`);
          onClose();
        },
      },
    );
  const action = (
    <Button size="sm" busy={set.isPending} disabled={!crop && !unseen} onClick={apply}>
      Apply
    </Button>
  );
  return (
    <Dialog open nested onOpenChange={onClose} title={title} action={action} wide fullOnPhone>
      <div className="space-y-4 px-5 pb-6">
        {set.isError && (
          <FormError>{set.error instanceof Refused ? set.error.message : messageOf(set.error)}</FormError>
        )}
        {unseen ? (
          <p className="text-[15px] text-muted">
            This browser cannot show this kind of picture. Its middle will be taken.
          </p>
        ) : (
          src && (
            <Cropper
              src={src}
              ratio={ratio}
              round={round}
              onChange={setCrop}
              onError={() => setUnseen(true)}
            />
          )
        )}
      </div>
    </Dialog>
  );
}
