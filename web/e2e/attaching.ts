import type { Locator, Page } from "@playwright/test";
import { expect, type Person } from "./colony";
import type { TestFile } from "./pictures";

const dialogOf = (page: Page) => page.getByRole("dialog", { name: "New post" });
export const tiles = (page: Page) =>
  dialogOf(page).getByRole("list", { name: "Attached" }).getByRole("listitem");

export async function openComposer({ page }: Person): Promise<Locator> {
  await page.getByRole("button", { name: "New post" }).filter({ visible: true }).click();
  return dialogOf(page);
}

export async function choose(page: Page, button: Locator, files: TestFile | TestFile[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await button.click();
  await (await chooser).setFiles(files);
}

export const attach = (page: Page, files: TestFile | TestFile[]) =>
  choose(page, dialogOf(page).getByRole("button", { name: "Add pictures or a video" }), files);

/** Every attachment is taken in and made ready. */
export async function settled(page: Page, count: number): Promise<void> {
  await expect(tiles(page)).toHaveCount(count);
  await expect(dialogOf(page).getByRole("progressbar")).toHaveCount(0, { timeout: 30_000 });
}

export async function writeAlt(page: Page, noun: string, alt: string): Promise<void> {
  await dialogOf(page)
    .getByRole("button", { name: `Describe ${noun}` })
    .click();
  const dialog = page.getByRole("dialog", { name: "Description" });
  await dialog.getByRole("textbox").fill(alt);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
}

export const post = (page: Page) => dialogOf(page).getByRole("button", { name: "Post", exact: true }).click();

/** The pictures of a post are loaded, not merely there. */
export async function expectLoaded(where: Locator, count: number): Promise<void> {
  await expect(where.locator("[data-media] img")).toHaveCount(count);
  await expect
    .poll(() =>
      where
        .locator("[data-media] img")
        .evaluateAll((images) => images.every((image) => (image as HTMLImageElement).naturalWidth > 0)),
    )
    .toBe(true);
}
