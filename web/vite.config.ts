import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));
const backend = process.env.ROOKERY_DEV_BACKEND ?? "http://127.0.0.1:8000";

const anyOf = (...parts: string[]) => new RegExp(parts.join("|"));

/** What every page needs, from elsewhere and from here. */
const vendor = anyOf("node_modules/(react|react-dom|scheduler|openapi-fetch|@tanstack/(?!.*virtual).*)/");
const base = anyOf(
  "vite/preload-helper",
  "src/(api|lib|stream)/",
  "src/domain/(posts/|users/)?[^/]+\\.ts$",
  "src/domain/posts/components/post-skeletons",
  "src/features/shell/shortcuts",
  "src/ui/(avatar|button|logo|page-header|spinner|states|toaster)\\.",
);
/** What comes with the first list of posts. */
const feed = anyOf(
  "src/domain/(?!media/components/(cropper|lightbox)).*components",
  "src/features/shell/components/shell",
  "src/ui/(menu|time-ago|load-more)\\.",
  "floating-ui|react-(dropdown-)?menu|react-virtual|virtual-core",
);

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: {
      "@": source(""),
      // The original injects a <style> element at run time, which our Content-Security-Policy forbids.
      "react-remove-scroll": source("ui/remove-scroll.tsx"),
    },
  },
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // A data: URL would need an exception in the Content-Security-Policy.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        // A few files of a sensible size instead of dozens of tiny ones.
        codeSplitting: {
          groups: [
            { name: "vendor", test: vendor, priority: 3 },
            { name: "base", test: base, priority: 2 },
            { name: "feed", test: feed, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/v1": { target: backend, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
