import { expect, postWith, test, write } from "./colony";

test("the counter stops a post that is too long, and the draft survives", async ({ colony }) => {
  const { page } = await colony.join("ana");
  await page.keyboard.press("n");
  const dialog = page.getByRole("dialog", { name: "New post" });
  const field = dialog.getByRole("textbox");
  const send = dialog.getByRole("button", { name: "Post", exact: true });
  await expect(send).toBeDisabled();
  await field.fill("a".repeat(281));
  await expect(dialog.getByText("1 characters too many")).toBeAttached();
  await expect(send).toBeDisabled();
  await field.fill("half a thought");
  await expect(send).toBeEnabled();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Home" }).waitFor();
  await page.getByRole("button", { name: "New post" }).click();
  await expect(field).toHaveValue("half a thought");
  await field.press("Control+Enter");
  await expect(postWith(page, "half a thought")).toBeVisible();
  await page.getByRole("button", { name: "New post" }).click();
  await expect(field).toHaveValue("");
});

test("a post is edited with its history, quoted and deleted", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  await write(ana, "two rooks on the chimney");
  const post = postWith(page, "rooks on the chimney").first();

  await post.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Edit post" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("three rooks on the chimney");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(post).toContainText("three rooks");
  await expect(post).toContainText("edited");

  await post.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Edit history" }).click();
  const history = page.getByRole("dialog", { name: "Edit history" });
  await expect(history.locator("del")).toHaveText("two");
  await expect(history.locator("ins")).toHaveText("three");
  await page.keyboard.press("Escape");

  await post.getByRole("button", { name: /^Repost/ }).click();
  await page.getByRole("menuitem", { name: "Quote" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill("and a fourth");
  await page.getByRole("dialog").getByRole("button", { name: "Quote", exact: true }).click();
  const quote = postWith(page, "and a fourth");
  await expect(quote).toContainText("three rooks on the chimney");

  const original = page
    .getByRole("article")
    .filter({ hasText: "three rooks" })
    .filter({ hasNotText: "and a fourth" });
  await original.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete post" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(original).toHaveCount(0);
  await expect(quote).toContainText("This post was deleted.");
});

test("the last of many quick clicks is what stays", async ({ colony }) => {
  const ana = await colony.join("ana");
  await write(ana, "indecision");
  const like = postWith(ana.page, "indecision").getByRole("button", { name: /^Like/ });
  for (let click = 0; click < 5; click++) await like.click();
  await expect(like).toHaveAttribute("aria-pressed", "true");
  await ana.page.goto(`/@${ana.username}/likes`);
  await expect(postWith(ana.page, "indecision")).toBeVisible();
});

test("a bookmark is kept, and taken back by undo", async ({ colony }) => {
  const ana = await colony.join("ana");
  await write(ana, "worth keeping");
  await postWith(ana.page, "worth keeping").getByRole("button", { name: "Bookmark" }).click();
  await expect(ana.page.getByText("Added to your bookmarks")).toBeVisible();
  await ana.page.getByRole("link", { name: "Bookmarks" }).click();
  await expect(postWith(ana.page, "worth keeping")).toBeVisible();
  await postWith(ana.page, "worth keeping").getByRole("button", { name: "Bookmark" }).click();
  await ana.page.getByRole("button", { name: "Undo" }).last().click();
  await ana.page.reload();
  await expect(postWith(ana.page, "worth keeping")).toBeVisible();
});

test("a conversation shows what was answered above and replies below", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  await write(ana, "root of the tree");
  await postWith(page, "root of the tree").click();
  await expect(page).toHaveURL(/\/posts\/\d+$/);
  const reply = page.getByRole("textbox", { name: `Reply to @${ana.username}` });
  await reply.fill("a first branch");
  await reply.press("Control+Enter");
  await postWith(page, "a first branch").click();
  await expect(page.getByRole("article")).toHaveCount(2);
  await expect(page.getByRole("article").first()).toContainText("root of the tree");
  await page.reload();
  await expect(page.getByRole("article").first()).toContainText("root of the tree");
  await expect(page.getByRole("article").last()).toContainText("a first branch");
});

test("a long timeline is endless, and back finds the same place", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  const grant = await ana.context.request.post("/v1/sessions", {
    data: { login: ana.username, password: ana.password },
  });
  const headers = { Authorization: `Bearer ${(await grant.json()).access_token}` };
  for (let number = 1; number <= 45; number++) {
    const content =
      `entry number ${number} ${"with some words to fill a line or two ".repeat(number % 4)}`.trim();
    const answer = await ana.context.request.post("/v1/posts", { headers, data: { content } });
    expect(answer.status()).toBe(201);
  }
  await page.reload();
  await expect(postWith(page, "entry number 45 ")).toBeVisible();
  const target = postWith(page, "entry number 9 ");
  await expect(async () => {
    await page.mouse.wheel(0, 900);
    await expect(target).toBeVisible({ timeout: 300 });
  }).toPass();
  await target.scrollIntoViewIfNeeded();
  // Only what is near the window is in the document.
  expect(await page.getByRole("article").count()).toBeLessThan(40);

  await page.waitForFunction(() => new Promise((done) => requestAnimationFrame(() => done(true))));
  const before = await target.boundingBox();
  await target.click({ position: { x: 300, y: 30 } });
  await expect(page).toHaveURL(/\/posts\/\d+$/);
  await page.goBack();
  await expect(target).toBeInViewport();
  await expect
    .poll(async () => Math.abs(((await target.boundingBox())?.y ?? 1e6) - (before?.y ?? 0)))
    .toBeLessThan(40);
});
