import { Search, X } from "lucide-react";
import { Suspense, useState } from "react";
import { cx } from "@/lib/cx";
import { lazy } from "@/lib/lazy";
import { IconButton } from "@/ui/button";
import { Spinner } from "@/ui/spinner";
import { useSearchBox } from "../use-search-box";
import { SearchPopup } from "./search-popup";

const OperatorsDialog = lazy(() => import("./operators-dialog"));

interface SearchBoxProps {
  /** The search that the page shows. */
  query?: string;
  /** Id of the text that says why the query cannot be read. */
  refusalId?: string | undefined;
}

/** The box to search from, with suggestions after the ARIA combobox pattern. "/" leads to it from everywhere. */
export function SearchBox({ query = "", refusalId }: SearchBoxProps) {
  const box = useSearchBox(query);
  const [helping, setHelping] = useState(false);
  const { text, open, active, listId } = box;
  const refused = refusalId !== undefined && text === query;
  return (
    <search
      className="relative block min-w-0 flex-1"
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && box.close()}
    >
      <form
        className={cx(
          "flex items-center rounded-full border bg-surface pl-4 transition-colors focus-within:bg-bg",
          refused ? "border-danger" : "border-transparent focus-within:border-accent",
        )}
        onSubmit={(event) => {
          event.preventDefault();
          box.search(text);
        }}
      >
        <Search className="size-4.5 shrink-0 text-muted" aria-hidden="true" />
        <input
          ref={box.field}
          data-search-box
          role="combobox"
          aria-label="Search"
          aria-expanded={open && box.choices.length > 0}
          aria-controls={open && box.choices.length > 0 ? listId : undefined}
          aria-autocomplete="list"
          aria-activedescendant={open && active >= 0 ? `${listId}-${active}` : undefined}
          aria-invalid={refused || undefined}
          aria-describedby={refused ? refusalId : undefined}
          aria-keyshortcuts="/"
          value={text}
          onChange={(event) => box.type(event.target.value)}
          onFocus={box.show}
          onClick={box.show}
          onKeyDown={box.onKeyDown}
          placeholder="Search"
          autoComplete="off"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={500}
          className="h-10.5 min-w-0 flex-1 bg-transparent px-3 text-[15px] outline-none placeholder:text-muted max-sm:text-base"
        />
        {box.busy && <Spinner className="mr-2 size-4.5 shrink-0 text-accent" />}
        {text !== "" && (
          <IconButton label="Clear" className="mr-1" onClick={() => box.typeOn("")}>
            <X className="size-4.5!" aria-hidden="true" />
          </IconButton>
        )}
      </form>
      {open && <SearchPopup box={box} onHelp={() => setHelping(true)} />}
      <Suspense>
        {helping && (
          <OperatorsDialog
            onClose={() => setHelping(false)}
            onInsert={(example) => box.typeOn([text.trim(), example].filter(Boolean).join(" "))}
          />
        )}
      </Suspense>
    </search>
  );
}
