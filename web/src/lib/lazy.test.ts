import { act, cleanup, render, screen } from "@testing-library/react";
import { Component, createElement, type FunctionComponent, type ReactNode, Suspense } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { LostCode, lazy } from "./lazy";

const caught: unknown[] = [];
class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError = () => ({ broken: true });
  override componentDidCatch(error: unknown) {
    caught.push(error);
  }
  override render() {
    return this.state.broken ? "broken" : this.props.children;
  }
}

const Nest = () => "a nest";
const show = async (component: FunctionComponent<object>) => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  await act(async () => {
    render(createElement(Boundary, null, createElement(Suspense, null, createElement(component))));
  });
};

afterEach(() => {
  cleanup();
  caught.length = 0;
});

it("asks again for what could not be fetched, once that is forgotten", async () => {
  const load = vi.fn<() => Promise<{ default: () => ReactNode }>>();
  load.mockRejectedValueOnce(new TypeError("Failed to fetch")).mockResolvedValue({ default: Nest });
  const Lazy = lazy(load);
  await show(Lazy);
  expect(screen.getByText("broken")).toBeTruthy();
  const [error] = caught;
  expect(error).toBeInstanceOf(LostCode);
  (error as LostCode).forget();
  cleanup();
  await show(Lazy);
  expect(screen.getByText("a nest")).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(2);
});

it("says nothing of what failed to be fetched ahead", async () => {
  const load = vi.fn<() => Promise<{ default: () => ReactNode }>>();
  load.mockRejectedValueOnce(new TypeError("Failed to fetch")).mockResolvedValue({ default: Nest });
  const Lazy = lazy(load);
  await Lazy.preload();
  await show(Lazy);
  expect(screen.getByText("a nest")).toBeTruthy();
});
