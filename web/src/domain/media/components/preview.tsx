import { ImageIcon } from "lucide-react";
import { useState } from "react";
import { cx } from "@/lib/cx";
import type { Describable } from "../describing";
import { objectPosition } from "../layout";

type Previewed = Pick<Describable, "preview" | "kind" | "file" | "alt" | "focus">;

/** What is attached, as far as this browser can show it. Fills its parent; `whole` crops nothing. */
export function Preview({
  of: { preview, kind, file, alt, focus },
  whole = false,
}: {
  of: Previewed;
  whole?: boolean;
}) {
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
  // Without the file (after a reload, or in a post) a video's preview is its poster.
  if (kind === "video" && file)
    return (
      <video src={preview} muted playsInline preload="metadata" onError={onError} className={className} />
    );
  return (
    <img
      src={preview}
      alt={alt}
      draggable={false}
      onError={onError}
      style={{ objectPosition: objectPosition(focus) }}
      className={className}
    />
  );
}
