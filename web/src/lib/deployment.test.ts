import { beforeEach, expect, it, vi } from "vitest";
import { deployedAnew } from "./deployment";

const page = (entry: string) => `<!doctype html><script type="module" src="${entry}"></script>`;
const answer = (body: string, status = 200) =>
  vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(body, { status }));

beforeEach(() => {
  document.head.innerHTML = '<script type="module" src="/assets/index-a.js"></script>';
});

it.each([
  ["the same build", page("/assets/index-a.js"), 200, false],
  ["another build", page("/assets/index-b.js"), 200, true],
  ["a proxy's page", "<h1>Sign in to the network</h1>", 200, false],
  ["a refusal", page("/assets/index-b.js"), 503, false],
])("knows %s", async (_, body, status, expected) => {
  answer(body, status);
  expect(await deployedAnew()).toBe(expected);
});

it("does not guess while the server cannot be asked", async () => {
  vi.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("Failed to fetch"));
  expect(await deployedAnew()).toBe(false);
});
