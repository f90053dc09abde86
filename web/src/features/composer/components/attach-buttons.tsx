import { ImagePlus, TriangleAlert } from "lucide-react";
import { useRef } from "react";
import { accepted } from "@/domain/media/limits";
import { cx } from "@/lib/cx";
import { useStore } from "@/lib/store";
import { IconButton } from "@/ui/button";
import type { Attachments } from "../attachments";

interface AttachButtonsProps {
  attachments: Attachments;
  onFiles: (files: File[]) => void;
}

export function AttachButtons({ attachments, onFiles }: AttachButtonsProps) {
  const input = useRef<HTMLInputElement>(null);
  const some = useStore(attachments.list).length > 0;
  const sensitive = useStore(attachments.sensitive);
  return (
    <div className="mr-auto -ml-2 flex items-center gap-1">
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={accepted}
        onChange={({ currentTarget }) => {
          onFiles(Array.from(currentTarget.files ?? []));
          // Choosing the same file again is a change, too.
          currentTarget.value = "";
        }}
      />
      <IconButton
        label="Add pictures or a video"
        className="text-accent hover:bg-accent-soft hover:text-accent"
        onClick={() => input.current?.click()}
      >
        <ImagePlus aria-hidden="true" />
      </IconButton>
      {some && (
        <button
          type="button"
          aria-pressed={sensitive}
          onClick={() => attachments.sensitive.set(!sensitive)}
          className={cx(
            "flex h-9 items-center gap-1.5 rounded-full px-3 text-[14px] font-semibold transition-colors [&_svg]:size-4.5",
            sensitive ? "bg-accent-soft text-accent" : "text-muted hover:bg-hover",
          )}
        >
          <TriangleAlert aria-hidden="true" /> Sensitive
        </button>
      )}
    </div>
  );
}
