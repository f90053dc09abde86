const entryOf = (page: ParentNode) => page.querySelector("script[type=module][src]")?.getAttribute("src");

/** Whether the server has another build of the app than this page; false when it cannot be asked. */
export async function deployedAnew(): Promise<boolean> {
  const mine = entryOf(document);
  try {
    const response = await fetch("/", { cache: "no-store", headers: { Accept: "text/html" } });
    if (!response.ok || !mine) return false;
    const theirs = entryOf(new DOMParser().parseFromString(await response.text(), "text/html"));
    return typeof theirs === "string" && theirs !== mine;
  } catch {
    return false;
  }
}
