import type { Locator, Page } from "@playwright/test";
import { findings } from "./axe";
import { expect, postWith, test } from "./colony";

/** Has posted links to pages with a wide, a square and no picture; see scripts/e2e_cards.py. */
const linker = process.env.ROOKERY_E2E_LINKER;
test.skip(!linker, "needs posts with cards");

const card = (page: Page, kind: string) =>
  postWith(page, `card ${kind}`).getByRole("link", { name: `A nest, picture: ${kind}` });

const isLoaded = (picture: Locator) =>
  picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 0);

for (const colorScheme of ["light", "dark"] as const)
  for (const [device, viewport] of [
    ["desktop", { width: 1280, height: 900 }],
    ["phone", { width: 390, height: 844 }],
  ] as const)
    test(`link cards show the pictures of their pages (${colorScheme}, ${device})`, async ({ colony }) => {
      const page = await colony.visit({ colorScheme, viewport });
      await page.goto(`/@${linker}`);

      const wide = card(page, "wide");
      await wide.scrollIntoViewIfNeeded();
      await expect.poll(() => isLoaded(wide.locator("img"))).toBe(true);
      const frame = await boxOf(wide);
      const picture = await boxOf(wide.locator("img"));
      expect(picture.width).toBeCloseTo(frame.width - 2, 0);
      expect(picture.width / picture.height).toBeCloseTo(1.91, 1);

      const square = card(page, "square");
      await square.scrollIntoViewIfNeeded();
      await expect.poll(() => isLoaded(square.locator("img"))).toBe(true);
      const side = await boxOf(square.locator("img"));
      expect(side.width / side.height).toBeCloseTo(1, 1);
      expect(side.x).toBeCloseTo((await boxOf(square)).x + 1, 0);

      await expect(card(page, "none")).toBeVisible();
      await expect(card(page, "none").locator("img")).toHaveCount(0);
      expect(await findings(page)).toEqual([]);
    });

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error("not on the page");
  return box;
}
