import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { TabList } from "./tabs";

const chosen = vi.fn();
const intended = vi.fn();

function Example() {
  const [selected, setSelected] = useState("a");
  const select = (value: string) => {
    chosen(value);
    setSelected(value);
  };
  const tabs = [
    { value: "a", label: "First" },
    { value: "b", label: "Second", onIntent: intended },
    { value: "c", label: "Third" },
  ];
  return <TabList label="Example" panelId=":r1:" tabs={tabs} selected={selected} onSelect={select} />;
}

const tab = (name: string) => screen.getByRole("tab", { name });
const press = (key: string, more = {}) =>
  fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });

beforeAll(() => {
  // jsdom has none; ids made by React hold colons, which a selector must escape.
  globalThis.CSS ??= { escape: (text: string) => text.replaceAll(":", "\\:") } as typeof CSS;
});
afterEach(() => {
  cleanup();
  chosen.mockReset();
  intended.mockReset();
});

describe("TabList", () => {
  it("is one stop of the tabulator; arrows, Home and End move and select", () => {
    render(<Example />);
    expect(screen.getAllByRole("tab").map((each) => each.tabIndex)).toEqual([0, -1, -1]);
    tab("First").focus();
    for (const [key, name] of [
      ["ArrowRight", "Second"],
      ["End", "Third"],
      ["ArrowRight", "First"],
      ["ArrowLeft", "Third"],
      ["Home", "First"],
    ] as const) {
      press(key);
      expect(document.activeElement).toBe(tab(name));
      expect(tab(name).getAttribute("aria-selected")).toBe("true");
    }
    expect(screen.getAllByRole("tab", { selected: true })).toHaveLength(1);
  });

  it("leaves combinations to the browser", () => {
    render(<Example />);
    tab("First").focus();
    press("ArrowRight", { altKey: true });
    expect(chosen).not.toHaveBeenCalled();
  });

  it("tells of the selected tab too, and of the intent to select", () => {
    render(<Example />);
    fireEvent.click(tab("First"));
    expect(chosen).toHaveBeenCalledWith("a");
    fireEvent.pointerEnter(tab("Second"));
    expect(intended).toHaveBeenCalledOnce();
  });
});
