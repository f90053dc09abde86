import type { Page } from "@playwright/test";
import { findings } from "./axe";
import { expect, follow, freshName, pick, postWith, searchBox, test, write } from "./colony";

/** The index of search follows the posts by a moment. */
async function searched(page: Page, query: string, text: string): Promise<void> {
  await expect(async () => {
    await page.goto(`/explore?q=${encodeURIComponent(query)}&tab=latest`);
    await expect(postWith(page, text)).toBeVisible({ timeout: 3000 });
  }).toPass();
}

test("posts are found by words and operators, and what cannot be read is shown", async ({ colony }) => {
  const ana = await colony.join("ana");
  const word = freshName("harbour").replace("_", "");
  await write(ana, `Rooks over the ${word} #evening`);
  await write(ana, `Gulls over the ${word}`);
  const { page } = ana;
  await searched(page, `${word} from:${ana.username}`, `Rooks over the ${word}`);
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(page.locator("article mark").first()).toHaveText(word);

  const box = searchBox(page);
  await box.fill(`${word} -gulls`);
  await box.press("Enter");
  await expect(page).toHaveURL(/tab=latest/);
  await expect(page.getByRole("article")).toHaveCount(1);
  await page.goBack();
  await expect(page.getByRole("article")).toHaveCount(2);

  await box.fill(`${word} (rooks`);
  await box.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.locator("[data-refused]")).toBeVisible();
  await expect(box).toHaveAttribute("aria-invalid", "true");
});

test("people are found from the keyboard and from their tab", async ({ colony }) => {
  const ben = await colony.join("ben");
  const { page } = await colony.join("ana");
  await page.keyboard.press("/");
  await expect(searchBox(page)).toBeFocused();
  await expect(async () => {
    await searchBox(page).fill("");
    await searchBox(page).fill(ben.username);
    await expect(page.getByRole("option").filter({ hasText: ben.username })).toBeVisible({ timeout: 2000 });
  }).toPass();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("option", { selected: true })).toContainText(ben.username);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/@${ben.username}`);

  await page.goto(`/explore?q=${ben.username}&tab=people`);
  await expect(page.getByRole("tab", { name: "People" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("main").getByText(`@${ben.username}`).first()).toBeVisible();
});

test("whom to follow has reasons, and who was dismissed stays away", async ({ colony }) => {
  const [ana, ben, cem] = await Promise.all([colony.join("ana"), colony.join("ben"), colony.join("cem")]);
  await follow(ben, cem.username);
  await follow(ana, ben.username);
  const { page } = ana;
  await page.goto("/explore/people");
  const row = page.getByRole("main").getByText(`@${cem.username}`);
  await expect(row).toBeVisible();
  await expect(page.getByRole("main").getByText(/^Followed by ben_/)).toBeVisible();
  await page.getByRole("button", { name: `Do not suggest @${cem.username}` }).click();
  await expect(row).toBeHidden();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(row).toBeHidden();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`no serious finding about explore in ${colorScheme}`, async ({ colony }) => {
    const ana = await colony.join("ana", { colorScheme });
    const { page } = ana;
    for (const path of ["/explore", "/explore?q=rook", "/explore?q=rook&tab=people", "/explore/people"]) {
      await page.goto(path);
      await expect(page.locator("[data-stream=live]")).toBeVisible();
      expect(await findings(page), path).toEqual([]);
    }
    await page.goto("/explore");
    await searchBox(page).fill("fro");
    await expect(page.getByRole("listbox")).toBeVisible();
    expect(await findings(page), "suggestions").toEqual([]);
    await page.getByRole("button", { name: "How to search precisely" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await findings(page), "operators").toEqual([]);
  });
}

test("a phone finds somebody from explore", async ({ colony }) => {
  const ben = await colony.join("ben");
  const { page } = await colony.join("ana", { viewport: { width: 390, height: 844 } });
  await page
    .getByRole("navigation", { name: "Main" })
    .filter({ visible: true })
    .getByRole("link", { name: "Explore" })
    .click();
  await pick(page, ben.username);
  await expect(page).toHaveURL(`/@${ben.username}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
