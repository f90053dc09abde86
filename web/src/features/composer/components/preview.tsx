import { ImageIcon } from "lucide-react";
import { useState } from "react";
import { objectPosition } from "@/domain/media/layout";
import { cx } from "@/lib/cx";
import type { Attachment } from "../attachments";

/** What is attached, as far as this browser can show it. Fills its parent; `whole` crops nothing. */
export function Preview({ attachment, whole = false }: { attachment: Attachment; whole?: boolean }) {
  const { preview, kind, file } = attachment;
  const [broken, setBroken] = useState<string | null>(null);
  const className = cx("absolute inset-0 size-full", whole ? "object-contain" : "object-cover");
  if (!preview || preview === broken) {
    return (
      <span className="absolute inset-0 grid place-items-center text-muted">
        <ImageIcon className="size-8" aria-hidden="true" />
      </span>
    );
  }
  const onError = () => setBroken(preview);
  // Once a reload has lost the file, a video's preview is its poster.
  if (kind === "video" && file)
    return (
      <video src={preview} muted playsInline preload="metadata" onError={onError} className={className} />
    );
  return (
    <img
      src={preview}
      alt={attachment.alt}
      draggable={false}
      onError={onError}
      style={{ objectPosition: objectPosition(attachment.focus) }}
      className={className}
    />
  );
}
