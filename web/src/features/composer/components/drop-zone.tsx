import { ImagePlus } from "lucide-react";
import {
  type ClipboardEvent,
  type DragEvent,
  type ReactNode,
  type SyntheticEvent,
  useRef,
  useState,
} from "react";

interface DropZoneProps {
  /** Absent where nothing can be attached. */
  onFiles: ((files: File[]) => void) | undefined;
  className: string;
  children: ReactNode;
}

/** Events of dialogs that are opened from here come by as well, but are not meant for it. */
const isInside = ({ currentTarget, target }: SyntheticEvent) => currentTarget.contains(target as Node);
const bringsFiles = (event: DragEvent) => isInside(event) && event.dataTransfer.types.includes("Files");

/** Takes files that are dropped on it or pasted into it, and says so while they are above it. */
export function DropZone({ onFiles, className, children }: DropZoneProps) {
  const [over, setOver] = useState(false);
  /** Enters and leaves come for every child. */
  const depth = useRef(0);
  if (!onFiles) return <div className={className}>{children}</div>;
  const enter = (event: DragEvent, step: 1 | -1) => {
    if (!bringsFiles(event)) return;
    depth.current += step;
    setOver(depth.current > 0);
  };
  const drop = (event: DragEvent) => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    onFiles(Array.from(event.dataTransfer.files));
  };
  const paste = (event: ClipboardEvent) => {
    const files = Array.from(event.clipboardData.files);
    if (files.length === 0 || !isInside(event)) return;
    event.preventDefault();
    onFiles(files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button beside it does the same for everyone
    <div
      className={`relative ${className}`}
      onDragEnter={(event) => enter(event, 1)}
      onDragLeave={(event) => enter(event, -1)}
      onDragOver={(event) => bringsFiles(event) && event.preventDefault()}
      onDrop={drop}
      onPaste={paste}
    >
      {children}
      {over && (
        <div className="pointer-events-none absolute inset-1 z-10 flex animate-fade-in flex-col items-center justify-center gap-2 rounded-2xl border-2 border-dashed border-accent bg-accent-soft/95 font-semibold text-accent">
          <ImagePlus className="size-7" aria-hidden="true" />
          Drop to add
        </div>
      )}
    </div>
  );
}
