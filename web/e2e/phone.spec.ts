import { devices } from "@playwright/test";
import { expect, postWith, test, write } from "./colony";

const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  userAgent: devices["Pixel 7"].userAgent,
};

test("a phone has the bar at the bottom and nothing that scrolls sideways", async ({ colony }) => {
  const ana = await colony.join("ana", phone);
  const { page } = ana;
  await write(ana, `a very long word: ${"caw".repeat(60)} https://example.org/${"deep/".repeat(12)}`);
  await expect(postWith(page, "a very long word")).toBeVisible();
  const bar = page.getByRole("navigation", { name: "Main" }).filter({ visible: true });
  const stops = [
    ["Explore", "/explore"],
    ["Notifications", "/notifications"],
    ["Bookmarks", "/bookmarks"],
    ["Profile", `/@${ana.username}`],
    ["Home", "/"],
  ] as const;
  for (const [name, path] of stops) {
    await bar.getByRole("link", { name }).tap();
    await expect(page).toHaveURL(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow, `${path} is wider than the phone`).toBeLessThanOrEqual(0);
  }
  await page
    .getByRole("button", { name: /^Account menu/ })
    .filter({ visible: true })
    .tap();
  await page.getByRole("menuitem", { name: "Settings" }).tap();
  await page.getByRole("link", { name: /^Sessions/ }).tap();
  await expect(page.getByText("This device")).toBeVisible();
});

test("the composer fills a phone", async ({ colony }) => {
  const { page } = await colony.join("ana", phone);
  await page.getByRole("button", { name: "New post" }).filter({ visible: true }).tap();
  await expect(page.getByRole("dialog").getByRole("textbox")).toBeFocused();
  const box = await page.getByRole("dialog").boundingBox();
  expect(box).toMatchObject({ x: 0, width: 390, height: 844 });
});
