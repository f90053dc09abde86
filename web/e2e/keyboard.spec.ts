import { atHome, expect, postWith, test, write } from "./colony";

test("a whole visit without a mouse", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  await write(ana, "older post");
  await write(ana, "newer post");
  await page.reload();
  await atHome(page);
  await expect(postWith(page, "newer post")).toBeVisible();

  // The first stop of the tabulator leads past the navigation.
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");

  await page.keyboard.press("j");
  await expect(postWith(page, "newer post")).toBeFocused();
  await page.keyboard.press("j");
  await expect(postWith(page, "older post")).toBeFocused();
  await page.keyboard.press("k");
  const newer = postWith(page, "newer post");
  await expect(newer).toBeFocused();

  await page.keyboard.press("l");
  await expect(newer.getByRole("button", { name: /^Like/ })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("t");
  await expect(newer.getByRole("button", { name: /^Reposted/ })).toBeVisible();
  await page.keyboard.press("b");
  await expect(newer.getByRole("button", { name: "Bookmark" })).toHaveAttribute("aria-pressed", "true");

  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: "Reply" });
  await expect(dialog.getByRole("textbox")).toBeFocused();
  await page.keyboard.type("typed, not clicked");
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toBeHidden();

  await newer.focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/posts\/\d+$/);
  await expect(postWith(page, "typed, not clicked")).toBeVisible();

  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/notifications$/);
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await expect(page).toHaveURL(new RegExp(`/@${ana.username}$`));
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await atHome(page);

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  await page.keyboard.press("n");
  await expect(page.getByRole("dialog", { name: "New post" }).getByRole("textbox")).toBeFocused();
});
