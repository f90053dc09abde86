import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

/** The server is started by whoever runs the tests: `make test` starts a real Rookery and sets ROOKERY_E2E_URL. */
const baseURL = process.env.ROOKERY_E2E_URL ?? "http://127.0.0.1:8000";
/** Debian's package where it is there, otherwise what `playwright install chromium` has downloaded. */
const systemChromium = process.env.ROOKERY_CHROMIUM ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "e2e",
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  reporter: [["list"]],
  use: {
    baseURL,
    actionTimeout: 20_000,
    trace: "retain-on-failure",
    launchOptions: {
      ...(existsSync(systemChromium) && { executablePath: systemChromium }),
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
});
