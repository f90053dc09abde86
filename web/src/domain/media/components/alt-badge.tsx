import { Pencil } from "lucide-react";
import { Popover, PopoverClose } from "@/ui/popover";
import { chip } from "./badge";

interface AltBadgeProps {
  mediaId: string;
  alt: string;
  /** Absent for who may only read. */
  onEdit: (() => void) | undefined;
  className: string;
}

/** Shows what somebody wrote for those who cannot see the picture: useful to others too. */
export function AltBadge({ mediaId, alt, onEdit, className }: AltBadgeProps) {
  const trigger = (
    <button
      type="button"
      aria-label="Read the description"
      data-alt-of={mediaId}
      className={`${chip} ${className}`}
    >
      ALT
    </button>
  );
  return (
    <Popover trigger={trigger} label="Description">
      <p className="mb-1 text-[13px] font-bold text-muted">Description</p>
      <p dir="auto" className="text-[15px] whitespace-pre-wrap">
        {alt}
      </p>
      {onEdit && (
        <PopoverClose>
          <button
            type="button"
            onClick={onEdit}
            className="mt-2 -ml-1 flex items-center gap-1.5 rounded-full px-1 py-0.5 text-[14px] font-semibold text-accent hover:underline [&_svg]:size-3.5"
          >
            <Pencil aria-hidden="true" /> Edit
          </button>
        </PopoverClose>
      )}
    </Popover>
  );
}
