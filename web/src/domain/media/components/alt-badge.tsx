import { Popover } from "@/ui/popover";
import { badge } from "./badge";

/** Shows what somebody wrote for those who cannot see the picture: useful to others too. */
export function AltBadge({ alt, className }: { alt: string; className: string }) {
  const trigger = (
    <button
      type="button"
      aria-label="Read the description"
      className={`${badge} ${className} hover:bg-black focus-visible:outline-white`}
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
    </Popover>
  );
}
