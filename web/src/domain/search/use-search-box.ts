import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { nextOption } from "./combobox";
import { type Choice, completionOf, outcomeOf } from "./completion";
import { focusWanted } from "./focus";
import { tabOf } from "./search-tab";
import { useRecentSearches } from "./use-recent-searches";
import { useTypeahead } from "./use-typeahead";

const hasFinger = () => window.matchMedia("(pointer: coarse)").matches;

/** The state of a search box: its text, its suggestions, and which of them is active. */
export function useSearchBox(query: string) {
  const [text, setText] = useState(query);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  const recent = useRecentSearches();
  const typeahead = useTypeahead(text, open);
  const isBlank = text.trim() === "";
  const choices: Choice[] = isBlank
    ? recent.queries.map((each) => ({ kind: "recent", query: each }))
    : typeahead.choices;
  const current = active < choices.length ? active : -1;

  useEffect(() => setText(query), [query]);
  useEffect(() => {
    if (!focusWanted.get()) return;
    focusWanted.set(false);
    field.current?.focus();
  }, []);

  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const type = (next: string) => {
    setText(next);
    setOpen(true);
    setActive(-1);
  };
  const typeOn = (next: string) => {
    type(next);
    field.current?.focus();
  };
  const search = (wanted: string) => {
    const q = wanted.trim();
    if (!q) return;
    setText(q);
    close();
    recent.remember(q);
    if (hasFinger()) field.current?.blur();
    void navigate({
      to: "/explore",
      search: (before: { tab?: string }) => {
        const tab = tabOf(before.tab);
        return { q, ...(tab !== "top" && { tab }) };
      },
    });
  };
  const choose = (choice: Choice) => {
    const outcome = outcomeOf(choice, text);
    if ("type" in outcome) return typeOn(outcome.type);
    if ("search" in outcome) return search(outcome.search);
    setText(query);
    close();
    field.current?.blur();
    void navigate({ to: "/@{$username}", params: { username: outcome.profile } });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextOption(current, event.key, choices.length);
    const chosen = choices[current];
    if (event.nativeEvent.isComposing) return;
    if (next !== null) {
      event.preventDefault();
      setOpen(true);
      setActive(open ? next : event.key === "ArrowDown" ? 0 : choices.length - 1);
    } else if (event.key === "Enter" && open && chosen) {
      event.preventDefault();
      choose(chosen);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (open) close();
      else setText("");
    }
  };

  return {
    text,
    open,
    choices,
    active: current,
    listId: useId(),
    field,
    recent,
    isBlank,
    isAnswered: !isBlank && completionOf(text).term !== "" && !typeahead.busy,
    busy: typeahead.busy && !isBlank,
    failed: typeahead.failed && !isBlank,
    close,
    type,
    typeOn,
    search,
    choose,
    onKeyDown,
    show: () => setOpen(true),
  };
}

export type SearchBoxState = ReturnType<typeof useSearchBox>;
