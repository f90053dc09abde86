import { createElement, type FunctionComponent, type ReactNode, use } from "react";

/** Code that could not be fetched: no connection, or it went away with a deployment. */
export class LostCode extends Error {
  constructor(
    cause: unknown,
    /** From then on, showing the component asks for its code anew. */
    readonly forget: () => void,
  ) {
    super("The code of this part could not be loaded", { cause });
    this.name = "LostCode";
  }
}

type Renders = (props: never) => ReactNode;
/** A component without props takes an empty object. */
type PropsOf<T extends Renders> = Parameters<T>[0] extends object ? Parameters<T>[0] : object;

export type LazyComponent<P> = FunctionComponent<P> & { preload: () => Promise<void> };

/**
 * React's `lazy`, with two differences: what could not be fetched (thrown as LostCode) can be asked for again, and `preload`
 * fetches ahead; it never rejects, as nobody has asked yet.
 */
export function lazy<T extends Renders>(load: () => Promise<{ default: T }>): LazyComponent<PropsOf<T>> {
  let loaded: T | undefined;
  let shown: Promise<void> | undefined;
  const fetchCode = async () => {
    loaded = (await load()).default;
  };
  const forget = () => {
    shown = undefined;
  };
  const fetchShown = () =>
    fetchCode().catch((cause) => {
      throw new LostCode(cause, forget);
    });
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each component, like React's own `lazy`
  function Lazy(props: PropsOf<T>) {
    if (!loaded) {
      shown ??= fetchShown();
      use(shown);
    }
    return createElement(loaded as unknown as FunctionComponent<PropsOf<T>>, props);
  }
  Lazy.preload = () => fetchCode().catch(() => undefined);
  return Lazy;
}
