import { describe, expect, it } from "vitest";

const sources = import.meta.glob<string>("./**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});
const files = Object.entries(sources).filter(([path]) => !path.includes(".test."));

const layerOf = (path: string) => path.replace(/^\.\//, "").split("/").slice(0, 2);
const importsOf = (text: string) =>
  [...text.matchAll(/from "@\/([^"]+)"|import\("@\/([^"]+)"\)/g)].map((match) =>
    (match[1] ?? match[2] ?? "").split("/"),
  );

/** What each layer may know. Routes and app put features together; nothing reaches back. */
const allowed: Record<string, string[]> = {
  lib: ["api", "lib"],
  api: ["api", "lib"],
  stream: ["api", "lib", "stream"],
  ui: ["api", "lib", "ui"],
  domain: ["api", "lib", "ui", "domain"],
  features: ["api", "lib", "ui", "domain", "stream", "features"],
};

describe("import rules", () => {
  it("finds the sources", () => expect(files.length).toBeGreaterThan(80));

  it.each(files)("%s keeps to its layer", (path, text) => {
    const [layer = "", feature] = layerOf(path);
    for (const [target = "", targetFeature] of importsOf(text)) {
      expect(allowed[layer] ?? [target], `${path} imports ${target}`).toContain(target);
      if (layer === "features" && target === "features") expect(targetFeature).toBe(feature);
    }
  });
});
