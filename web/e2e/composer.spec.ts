import type { Route } from "@playwright/test";
import { attach, openComposer, post, settled, tiles, writeAlt } from "./attaching";
import { findings } from "./axe";
import { atHome, expect, freshName, postWith, test, write } from "./colony";
import { picture } from "./pictures";

test("what is sent without a connection waits, can be taken back, and is posted once", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page, context } = ana;
  const other = await context.newPage();
  await other.goto("/");
  await atHome(other);
  let sent = 0;
  context.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/v1/posts")) sent += 1;
  });

  // The composer is loaded ahead: nobody can fetch it from a tunnel.
  await page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => name.includes("composer-dialog")),
  );
  await context.setOffline(true);
  const dialog = page.getByRole("dialog", { name: "New post" });
  const write = async (text: string) => {
    await page.keyboard.press("n");
    await dialog.getByRole("textbox").fill(text);
    await page.keyboard.press("Control+Enter");
    await expect(dialog).toBeHidden();
  };
  await write("from a tunnel");
  await expect(page.getByText("Will be sent when you are back online")).toBeVisible();
  await write("with a typo");
  await write("second thoughts");
  const waiting = page.getByRole("region", { name: "Waiting to be sent" });
  await expect(waiting).toContainText("3 posts waiting to be sent");
  await expect(other.getByRole("region", { name: "Waiting to be sent" })).toContainText("3 posts");
  await expect(page.getByRole("main").getByRole("textbox")).toHaveValue("");
  expect(await findings(page), "waiting posts").toEqual([]);

  const row = (text: string) => waiting.getByRole("listitem").filter({ hasText: text });
  await row("second thoughts").getByRole("button", { name: "Discard" }).click();
  await row("with a typo").getByRole("button", { name: "Edit" }).click();
  await expect(dialog.getByRole("textbox")).toHaveValue("with a typo");
  await dialog.getByRole("textbox").fill("without a typo");
  await page.keyboard.press("Control+Enter");
  await expect(waiting).toContainText("2 posts waiting to be sent");
  expect(sent).toBe(0);

  await context.setOffline(false);
  await expect(postWith(page, "from a tunnel")).toBeVisible();
  await expect(postWith(page, "without a typo")).toBeVisible();
  await expect(waiting).toBeHidden();
  await page.reload();
  await expect(postWith(page, "from a tunnel")).toHaveCount(1);
  await expect(page.getByRole("article")).toHaveCount(2);
  expect(sent).toBe(2);
});

test("a post whose answer is lost is not doubled, and one under way is not offered again", async ({
  colony,
}) => {
  const { page } = await colony.join("ana");
  const field = page.getByRole("main").getByRole("textbox", { name: "What's going on?" });
  const button = page.getByRole("main").getByRole("button", { name: "Post", exact: true });
  const waiting = page.getByRole("region", { name: "Waiting to be sent" });
  const lose = async (route: Route) => {
    await route.fetch();
    await route.abort();
  };
  await page.route("**/v1/posts", lose, { times: 1 });
  await field.fill("said once");
  await field.press("Control+Enter");
  await expect(waiting).toContainText("said once");
  await expect(field).toHaveValue("");
  await expect(waiting).toBeHidden();
  await page.reload();
  await expect(postWith(page, "said once")).toHaveCount(1);

  let answer = () => {};
  const slow = new Promise<void>((done) => {
    answer = done;
  });
  await page.route("**/v1/posts", (route) => slow.then(() => route.continue()), { times: 1 });
  await page.getByRole("button", { name: "New post" }).filter({ visible: true }).click();
  const dialog = page.getByRole("dialog", { name: "New post" });
  await dialog.getByRole("textbox").fill("in no hurry");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Escape");
  await expect(field).toHaveValue("in no hurry");
  await expect(button).toBeDisabled();
  answer();
  await expect(postWith(page, "in no hurry")).toBeVisible();
  await expect(field).toHaveValue("");
});

test("pictures wait with their post once they are uploaded, and not before", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page, context } = ana;
  const dialog = await openComposer(ana);
  await attach(page, await picture(page, "sea.jpg"));
  await settled(page, 1);
  await writeAlt(page, "picture", "A grey sea");
  await dialog.getByRole("button", { name: "Sensitive" }).click();
  await context.setOffline(true);
  await post(page);
  await expect(dialog).toBeHidden();
  const waiting = page.getByRole("region", { name: "Waiting to be sent" });
  await waiting.getByRole("button", { name: "Edit" }).click();
  await expect(page.getByText("Rookery cannot be reached")).toBeVisible();
  await expect(waiting).toContainText("Post with an attachment");
  await context.setOffline(false);
  const sent = page.getByRole("article");
  await expect(sent).toHaveCount(1);
  await expect(sent.getByRole("button", { name: /Show/ })).toBeVisible();
  await expect(waiting).toBeHidden();

  await page.route("**/v1/media", () => undefined, { times: 1 });
  await openComposer(ana);
  await attach(page, await picture(page, "sea.jpg"));
  await writeAlt(page, "picture", "A sea that stays here");
  await context.setOffline(true);
  await post(page);
  await expect(dialog.getByRole("alert")).toContainText("not everything is uploaded yet");
  await expect(tiles(page)).toHaveCount(1);
  await context.setOffline(false);
});

test("a draft stands in one place, and the focus stays where the next one is written", async ({ colony }) => {
  const { page } = await colony.join("ana");
  const field = page.getByRole("main").getByRole("textbox", { name: "What's going on?" });
  await field.fill("half a thought");
  await page.getByRole("button", { name: "New post" }).filter({ visible: true }).click();
  const dialog = page.getByRole("dialog", { name: "New post" });
  await expect(dialog.getByRole("textbox")).toHaveValue("half a thought");
  await expect(page.locator("main textarea")).toHaveValue("");
  await dialog.getByRole("textbox").fill("a whole thought");
  await page.keyboard.press("Escape");
  await expect(field).toHaveValue("a whole thought");

  await field.press("Control+Enter");
  await expect(postWith(page, "a whole thought")).toBeVisible();
  await expect(field).toBeFocused();
  await page.keyboard.type("and the next");
  await page.getByRole("main").getByRole("button", { name: "Post", exact: true }).click();
  await expect(postWith(page, "and the next")).toBeVisible();
  await expect(field).toBeFocused();
  await expect(field).toHaveValue("");
});

test("an old complaint goes at the next act", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  const dialog = await openComposer(ana);
  await attach(page, await picture(page, "sea.jpg"));
  await settled(page, 1);
  const complaint = dialog.getByRole("alert").filter({ hasText: "cannot be added" });
  const complain = async () => {
    await attach(page, { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("words") });
    await expect(complaint).toBeVisible();
  };
  await complain();
  await dialog.getByRole("textbox").fill("a");
  await expect(complaint).toBeHidden();
  await complain();
  await dialog.getByRole("button", { name: "Crop picture" }).click();
  await page.getByRole("dialog", { name: "Crop picture" }).getByRole("button", { name: "Close" }).click();
  await expect(complaint).toBeHidden();
  await expect(tiles(page)).toHaveCount(1);
});

test("names and hashtags are suggested while one types, and taken without a mouse", async ({ colony }) => {
  const ben = await colony.join("benedikt");
  const ana = await colony.join("ana");
  const { page } = ana;
  const tag = freshName("rooks").replace("_", "");
  await write(ben, `the evening roost #${tag}`);
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New post" });
  const field = dialog.getByRole("textbox");
  const list = page.getByRole("listbox", { name: "Suggestions" });
  const options = list.getByRole("option");
  // Others may be called alike; who fits best comes first.
  const first = options.first();

  // The index knows newcomers after a moment.
  const start = ben.username.slice(0, -1);
  await expect(async () => {
    await field.fill("");
    await field.pressSequentially(`hello @${start}`);
    await expect(first).toContainText(`@${ben.username}`, { timeout: 2000 });
  }).toPass();
  await expect(first).toHaveAttribute("aria-selected", "true");
  await expect(field).toHaveAttribute("aria-activedescendant", (await first.getAttribute("id")) ?? "none");
  await expect(field).toHaveAttribute("aria-controls", (await list.getAttribute("id")) ?? "none");
  expect(await findings(page), "suggestions").toEqual([]);

  // Escape closes the list, not the dialog, and the list stays away from this name.
  await page.keyboard.press("Escape");
  await expect(list).toBeHidden();
  await page.keyboard.press("Backspace");
  await page.keyboard.type(start.slice(-1));
  await expect(dialog).toBeVisible();
  await page.waitForTimeout(500);
  await expect(list).toBeHidden();

  await field.fill("hello  and good night");
  await field.evaluate((area: HTMLTextAreaElement) => area.setSelectionRange(6, 6));
  await page.keyboard.type(`@${start}`);
  await expect(first).toContainText(`@${ben.username}`);
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue(`hello @${ben.username} and good night`);
  await expect(list).toBeHidden();
  await page.keyboard.press("Control+z");
  await expect(field).toHaveValue(`hello @${start} and good night`);
  await page.keyboard.press("Control+Shift+z");
  await expect(field).toHaveValue(`hello @${ben.username} and good night`);

  // A hashtag may be new: Enter ends the line until an arrow has chosen one.
  await page.keyboard.press("Control+End");
  await expect(async () => {
    await page.keyboard.press("Control+End");
    await page.keyboard.type(` #${tag.slice(0, -1)}`);
    await expect(options).toHaveCount(1, { timeout: 2000 });
  }).toPass();
  await expect(options).toHaveAttribute("aria-selected", "false");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await expect(field).toHaveValue(new RegExp(`#${tag} $`));
  await expect(field).toBeFocused();

  // By mouse; and an address is none of it.
  await page.keyboard.type(`ana@${start}`);
  await page.waitForTimeout(500);
  await expect(list).toBeHidden();
  await field.fill("");
  await page.keyboard.type(`@${start}`);
  await first.click();
  await expect(field).toHaveValue(`@${ben.username} `);
  await expect(field).toBeFocused();
  await page.keyboard.type(`and @${start}`);
  await expect(list).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toBeHidden();
  await expect(list).toBeHidden();
  await expect(postWith(page, `@${ben.username} and @${start}`)).toBeVisible();
});
