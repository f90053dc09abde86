/**
 * Stands in for the package `react-remove-scroll` inside Radix (see the alias in vite.config.ts). The original locks
 * scrolling through a <style> element that it adds to the page; we set an attribute and let styles.css do it.
 */
import { Slot } from "@radix-ui/react-slot";
import { type HTMLAttributes, type ReactNode, type Ref, useLayoutEffect } from "react";

interface RemoveScrollProps extends HTMLAttributes<HTMLElement> {
  as?: React.ElementType;
  enabled?: boolean;
  allowPinchZoom?: boolean;
  shards?: unknown;
  forwardProps?: boolean;
  children?: ReactNode;
  ref?: Ref<HTMLElement>;
}

let locks = 0;

/** What `scrollbar-gutter: stable` keeps clear, also of a page too short to scroll, which `clientWidth` would not tell. */
const gutterWidth = (root: HTMLElement) =>
  Math.max(0, window.innerWidth - root.getBoundingClientRect().width);

function lock(): () => void {
  const root = document.documentElement;
  if (locks === 0) root.style.setProperty("--scrollbar-width", `${gutterWidth(root)}px`);
  locks += 1;
  root.dataset.scrollLocked = "";
  return () => {
    locks -= 1;
    if (locks === 0) delete root.dataset.scrollLocked;
  };
}

export function RemoveScroll(props: RemoveScrollProps) {
  const { as: Element = "div", enabled = true, forwardProps, allowPinchZoom: _, shards: __, ...rest } = props;
  useLayoutEffect(() => (enabled ? lock() : undefined), [enabled]);
  const Component = forwardProps ? Slot : Element;
  return <Component {...rest} />;
}
