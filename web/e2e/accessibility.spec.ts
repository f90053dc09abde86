import type { Page } from "@playwright/test";
import { findings } from "./axe";
import { expect, follow, type Person, postWith, test, write } from "./colony";

async function settled(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.getByRole("status", { name: /^Loading/ })).toHaveCount(0);
}

/** Posts with everything in them, a follower, notifications: so that no page is looked at empty. */
async function furnish(ana: Person, ben: Person): Promise<string> {
  await write(ana, `A #rook said @${ben.username} https://example.org/nest $CAW 🐦‍⬛`);
  await follow(ben, ana.username);
  const post = postWith(ben.page, "A #rook said");
  await post.getByRole("button", { name: /^Like/ }).click();
  await post.getByRole("button", { name: /^Repost/ }).click();
  await ben.page.getByRole("menuitem", { name: "Quote" }).click();
  await ben.page.getByRole("dialog").getByRole("textbox").fill("heard it too");
  await ben.page.getByRole("dialog").getByRole("button", { name: "Quote", exact: true }).click();
  await follow(ana, ben.username);
  await ana.page.goto(`/@${ana.username}`);
  await postWith(ana.page, "A #rook said").locator("time").click();
  await ana.page.waitForURL(/\/posts\/\d+$/);
  return new URL(ana.page.url()).pathname;
}

const memberPages = (ana: Person, thread: string) => [
  "/",
  thread,
  `${thread}/likes`,
  `${thread}/quotes`,
  `/@${ana.username}`,
  `/@${ana.username}/replies`,
  `/@${ana.username}/media`,
  `/@${ana.username}/likes`,
  `/@${ana.username}/followers`,
  `/@${ana.username}/following`,
  "/@nobody_is_here",
  "/notifications",
  "/bookmarks",
  "/requests",
  "/explore",
  "/hashtag/rook",
  "/compose",
  "/settings",
  "/settings/account",
  "/settings/password",
  "/settings/privacy",
  "/settings/ranking",
  "/settings/sessions",
  "/settings/blocked",
  "/settings/muted",
  "/settings/appearance",
];
const openPages = ["/", "/login", "/signup", "/reset-password", "/reset-password?token=x", "/no/such/page"];

for (const colorScheme of ["light", "dark"] as const) {
  test(`no serious finding on any page in ${colorScheme}`, async ({ colony }) => {
    test.setTimeout(400_000);
    const ana = await colony.join("ana", { colorScheme });
    const ben = await colony.join("ben", { colorScheme });
    const thread = await furnish(ana, ben);
    for (const path of memberPages(ana, thread)) {
      await ana.page.goto(path);
      await settled(ana.page);
      expect(await findings(ana.page), path).toEqual([]);
    }
    const stranger = await colony.visit({ colorScheme });
    for (const path of [...openPages, thread, `/@${ana.username}`]) {
      await stranger.goto(path);
      if (path !== "/no/such/page") await settled(stranger);
      expect(await findings(stranger), `signed out: ${path}`).toEqual([]);
    }
  });

  test(`no serious finding in dialogs and menus in ${colorScheme}`, async ({ colony }) => {
    const ana = await colony.join("ana", { colorScheme });
    const { page } = ana;
    await write(ana, "look at me");
    const post = postWith(page, "look at me");

    await page.keyboard.press("n");
    await page
      .getByRole("dialog")
      .getByRole("textbox")
      .fill(`@ana ${"long ".repeat(70)}`);
    expect(await findings(page), "composer").toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    expect(await findings(page), "shortcuts").toEqual([]);
    await page.keyboard.press("Escape");
    await post.getByRole("button", { name: "More" }).click();
    expect(await findings(page), "post menu").toEqual([]);
    await page.getByRole("menuitem", { name: "Delete post" }).click();
    await page.getByRole("alertdialog").waitFor();
    expect(await findings(page), "confirmation").toEqual([]);
    await page.keyboard.press("Escape");
    await page.goto(`/@${ana.username}`);
    await page.getByRole("button", { name: "Edit profile" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await findings(page), "edit profile").toEqual([]);
  });
}
