import { Check } from "lucide-react";
import { cx } from "@/lib/cx";
import { type Describable, type Drafts, lengthOf, longestAlt } from "../describing";
import { numbered } from "../words";
import { Preview } from "./preview";

interface DescriptionStripProps {
  items: readonly Describable[];
  drafts: Drafts;
  /** The key of the one whose fields are shown. */
  shown: string;
  onShow: (key: string) => void;
}

/** Leads from one thing to the next, and tells which of them are described already. */
export function DescriptionStrip({ items, drafts, shown, onShow }: DescriptionStripProps) {
  return (
    <ul aria-label="To describe" className="flex justify-center gap-3 p-1.5">
      {items.map((item, index) => {
        const length = lengthOf(drafts[item.key]?.alt ?? item.alt);
        const over = length > longestAlt;
        const state = over ? "too long" : length > 0 ? "described" : "without a description";
        return (
          <li key={item.key}>
            <button
              type="button"
              aria-current={item.key === shown || undefined}
              aria-label={`${numbered(item.kind, index, items.length)}, ${state}`}
              onClick={() => onShow(item.key)}
              className={cx(
                "relative block size-14 overflow-hidden rounded-xl bg-surface",
                over && "outline-2 outline-danger",
                item.key === shown
                  ? "outline-3 outline-offset-2 outline-accent"
                  : "opacity-70 hover:opacity-100 focus-visible:opacity-100",
              )}
            >
              <Preview of={{ ...item, alt: "" }} />
              {length > 0 && !over && (
                <span className="absolute right-1 bottom-1 grid size-5 place-items-center rounded-full bg-black/75 text-white [&_svg]:size-3.5">
                  <Check aria-hidden="true" strokeWidth={3} />
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
