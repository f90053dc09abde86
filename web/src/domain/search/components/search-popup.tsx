import { CircleHelp, X } from "lucide-react";
import type { ReactNode } from "react";
import { plural } from "@/lib/numbers";
import { IconButton } from "@/ui/button";
import type { Choice } from "../completion";
import type { SearchBoxState } from "../use-search-box";
import { SearchOption } from "./search-option";

const groups = [
  { kind: "recent", label: "Recent searches" },
  { kind: "user", label: "People" },
  { kind: "hashtag", label: "Hashtags" },
  { kind: "operator", label: "Operators" },
] as const;

/** What a screen reader hears; the eyes see the list, or one of these lines. */
function stateOf({ choices, busy, failed, isAnswered, isBlank }: SearchBoxState): string {
  if (failed) return "No suggestions right now. Enter searches all the same.";
  if (choices.length > 0 && !isBlank) return `${choices.length} ${plural(choices.length, "suggestion")}`;
  if (busy) return "Looking for suggestions …";
  return isAnswered ? "No suggestions. Enter searches posts." : "";
}

interface SearchPopupProps {
  box: SearchBoxState;
  onHelp: () => void;
}

/** Below the box: what was searched for lately, or what the text may become. */
export function SearchPopup({ box, onHelp }: SearchPopupProps) {
  const { choices, listId, isBlank } = box;
  const state = stateOf(box);
  const isShown = choices.length === 0 && state !== "";
  return (
    <div className="absolute inset-x-0 top-full z-30 mt-1.5 max-h-[min(30rem,70vh)] overflow-y-auto overscroll-contain rounded-2xl border border-line bg-raised shadow-pop">
      <p role="status" className={isShown ? "px-4 pt-3 pb-2 text-[14px] text-muted" : "sr-only"}>
        {state}
      </p>
      {isBlank && choices.length > 0 && <RecentHeader onClear={box.recent.forgetAll} />}
      {choices.length > 0 && (
        <div className="flex">
          <div role="listbox" id={listId} aria-label="Suggestions" className="min-w-0 flex-1">
            {groups.map(({ kind, label }) => (
              <Group key={kind} label={label} showLabel={kind !== "recent"} choices={choices} kind={kind}>
                {(choice, index) => (
                  <SearchOption
                    key={index}
                    id={`${listId}-${index}`}
                    choice={choice}
                    active={index === box.active}
                    onChoose={() => box.choose(choice)}
                  />
                )}
              </Group>
            ))}
          </div>
          {isBlank && <Removers queries={box.recent.queries} onRemove={box.recent.forget} />}
        </div>
      )}
      <button
        type="button"
        onClick={onHelp}
        aria-haspopup="dialog"
        className="flex w-full items-center gap-3 border-line px-4 py-3 text-[14.5px] font-medium text-accent hover:bg-hover focus-visible:-outline-offset-2 not-first:border-t"
      >
        <CircleHelp className="size-4.5" aria-hidden="true" />
        How to search precisely
      </button>
    </div>
  );
}

interface GroupProps {
  kind: Choice["kind"];
  label: string;
  showLabel: boolean;
  choices: Choice[];
  children: (choice: Choice, index: number) => ReactNode;
}

function Group({ kind, label, showLabel, choices, children }: GroupProps) {
  if (!choices.some((choice) => choice.kind === kind)) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand in a listbox
    <div role="group" aria-label={label} className="py-1">
      {showLabel && (
        <p aria-hidden="true" className="px-4 pt-1.5 pb-1 text-[12.5px] font-semibold text-muted">
          {label}
        </p>
      )}
      {choices.map((choice, index) => choice.kind === kind && children(choice, index))}
    </div>
  );
}

function RecentHeader({ onClear }: { onClear: () => void }) {
  return (
    <div className="flex items-center justify-between pt-2 pr-2 pl-4">
      <h2 className="text-[15px] font-bold">Recent</h2>
      <button
        type="button"
        onClick={onClear}
        className="rounded-full px-2.5 py-1 text-[13.5px] font-semibold text-accent hover:bg-accent-soft"
      >
        Clear all
      </button>
    </div>
  );
}

/** A column of its own beside the list: an option of a listbox cannot hold a button. Rows are as high as options. */
function Removers({ queries, onRemove }: { queries: string[]; onRemove: (query: string) => void }) {
  return (
    <ul aria-label="Remove recent searches" className="py-1 pr-2">
      {queries.map((query) => (
        <li key={query} className="flex h-11 items-center">
          <IconButton
            label={`Remove “${query}”`}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onRemove(query)}
          >
            <X className="size-4!" aria-hidden="true" />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
