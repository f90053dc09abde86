import { useEffect, useState } from "react";
import { Cropper } from "@/domain/media/components/cropper";
import { type CropArea, cropFile } from "@/domain/media/crop";
import { cx } from "@/lib/cx";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FormError } from "@/ui/field";

interface CropDialogProps {
  /** The picture as it was chosen. */
  file: File;
  onCropped: (file: File) => void;
  onClose: () => void;
}

const ratios = [
  { label: "Free", ratio: null },
  { label: "Square", ratio: 1 },
  { label: "4:3", ratio: 4 / 3 },
  { label: "16:9", ratio: 16 / 9 },
];
const undrawable = "This browser cannot show this kind of picture; it can be posted as it is.";

export default function CropDialog({ file, onCropped, onClose }: CropDialogProps) {
  const [ratio, setRatio] = useState<number | null>(null);
  const [area, setArea] = useState<CropArea | null>(null);
  const [failed, setFailed] = useState(false);
  const [src, setSrc] = useState<string>();
  useEffect(() => {
    const url = URL.createObjectURL(file);
    setSrc(url);
    return () => URL.revokeObjectURL(url);
  }, [file]);
  const apply = () => {
    if (!area) return;
    cropFile(file, area).then(
      (cropped) => {
        onCropped(cropped);
        onClose();
      },
      () => setFailed(true),
    );
  };
  const action = (
    <Button size="sm" disabled={!area || failed} onClick={apply}>
      Apply
    </Button>
  );
  return (
    <Dialog open nested onOpenChange={onClose} title="Crop picture" action={action} wide fullOnPhone>
      <div className="space-y-4 px-5 pb-5">
        {failed && <FormError>{undrawable}</FormError>}
        {src && (
          <Cropper key={ratio} src={src} ratio={ratio} onChange={setArea} onError={() => setFailed(true)} />
        )}
        <fieldset className="flex justify-center gap-2">
          <legend className="sr-only">Shape</legend>
          {ratios.map(({ label, ratio: value }) => (
            <button
              key={label}
              type="button"
              aria-pressed={value === ratio}
              onClick={() => setRatio(value)}
              className={cx(
                "rounded-full border px-3.5 py-1.5 text-[14px] font-semibold",
                value === ratio
                  ? "border-accent bg-accent-soft text-accent"
                  : "border-line-strong text-muted hover:bg-hover",
              )}
            >
              {label}
            </button>
          ))}
        </fieldset>
      </div>
    </Dialog>
  );
}
