import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { cx } from "@/lib/cx";

interface Tab<T extends string> {
  value: T;
  label: string;
  /** Beside the label. */
  mark?: ReactNode;
  /** The pointer or the focus is on it: time to fetch what it shows. */
  onIntent?: () => void;
}

interface TabListProps<T extends string> {
  label: string;
  /** Id of the element that shows the selected tab's content; give it `role="tabpanel"`. */
  panelId: string;
  tabs: Tab<T>[];
  selected: T;
  /** Called for the selected tab too. */
  onSelect: (value: T) => void;
  className?: string;
}

export const tabId = (panelId: string, value: string) => `${panelId}-${value}`;

const steps: Record<string, (index: number, count: number) => number> = {
  ArrowRight: (index, count) => (index + 1) % count,
  ArrowLeft: (index, count) => (index - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** Tabs after the ARIA pattern: one stop of the tabulator, arrows move and select. */
export function TabList<T extends string>(props: TabListProps<T>) {
  const { label, panelId, tabs, selected, onSelect, className } = props;
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const index = tabs.findIndex(({ value }) => value === selected);
    const next = tabs[steps[event.key]?.(index, tabs.length) ?? -1];
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    list.current?.querySelector<HTMLElement>(`#${CSS.escape(tabId(panelId, next.value))}`)?.focus();
    onSelect(next.value);
  };
  return (
    <div ref={list} role="tablist" aria-label={label} onKeyDown={onKeyDown} className={cx("flex", className)}>
      {tabs.map(({ value, label: text, mark, onIntent }) => (
        <button
          key={value}
          type="button"
          role="tab"
          id={tabId(panelId, value)}
          aria-selected={value === selected}
          aria-controls={panelId}
          tabIndex={value === selected ? 0 : -1}
          onClick={() => onSelect(value)}
          onPointerEnter={onIntent}
          onFocus={onIntent}
          className={cx(
            "flex flex-1 justify-center px-2 text-[15px] font-semibold transition-colors hover:bg-hover",
            "focus-visible:-outline-offset-2",
            value === selected ? "text-text" : "text-muted",
          )}
        >
          <span
            className={cx(
              "relative flex h-14 items-center border-b-3",
              value === selected ? "border-accent" : "border-transparent",
            )}
          >
            {text}
            {mark}
          </span>
        </button>
      ))}
    </div>
  );
}
