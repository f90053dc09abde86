import { expect, postWith, test, write } from "./colony";

test("a protected account shows its posts only to those whom it accepts", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  await ana.page.goto("/settings/privacy");
  await ana.page.getByRole("switch", { name: "Protect your posts" }).click();
  await expect(ana.page.getByRole("switch")).toHaveAttribute("aria-checked", "true");
  await ana.page.goto("/");
  await write(ana, "for friends only");

  await ben.page.goto(`/@${ana.username}`);
  await expect(ben.page.getByRole("heading", { name: "These posts are protected" })).toBeVisible();
  await ben.page.getByRole("button", { name: `Request @${ana.username}` }).click();
  const cancel = ben.page.getByRole("button", { name: `Cancel your request to @${ana.username}` });
  await expect(cancel).toBeVisible();

  // Cancelled and asked again: one request.
  await cancel.click();
  await ben.page.getByRole("button", { name: `Request @${ana.username}` }).click();
  await expect(cancel).toBeVisible();

  await ana.page.goto("/requests");
  await ana.page.getByRole("button", { name: `Accept @${ben.username}` }).click();
  await expect(ana.page.getByRole("heading", { name: "No requests" })).toBeVisible();

  await ben.page.reload();
  await expect(ben.page.getByRole("button", { name: `Unfollow @${ana.username}` })).toBeVisible();
  await expect(postWith(ben.page, "for friends only")).toBeVisible();
  await ben.page.goto("/notifications");
  await expect(ben.page.getByText("accepted your request")).toBeVisible();
});

test("a block hides both from each other and can be lifted in the settings", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  await write(ben, "something rude");
  await ana.page.goto(`/@${ben.username}`);
  await expect(postWith(ana.page, "something rude")).toBeVisible();
  await ana.page.getByRole("button", { name: `More about @${ben.username}` }).click();
  await ana.page.getByRole("menuitem", { name: `Block @${ben.username}` }).click();
  await ana.page.getByRole("alertdialog").getByRole("button", { name: "Block" }).click();
  await expect(ana.page.getByRole("heading", { name: `You have blocked @${ben.username}` })).toBeVisible();
  await expect(postWith(ana.page, "something rude")).toHaveCount(0);

  await ben.page.goto(`/@${ana.username}`);
  await expect(ben.page.getByRole("heading", { name: `@${ana.username} has blocked you` })).toBeVisible();
  await expect(ben.page.getByRole("button", { name: `Follow @${ana.username}` })).toHaveCount(0);

  await ana.page.goto("/settings/blocked");
  await ana.page.getByRole("button", { name: "Unblock" }).click();
  await expect(ana.page.getByRole("button", { name: "Block" })).toBeVisible();
  await ben.page.reload();
  await expect(ben.page.getByRole("button", { name: `Follow @${ana.username}` })).toBeVisible();
});

test("muted people can be seen on purpose and listened to again", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  await write(ben, "talks a lot");
  await ana.page.goto(`/@${ben.username}`);
  await ana.page.getByRole("button", { name: `More about @${ben.username}` }).click();
  await ana.page.getByRole("menuitem", { name: `Mute @${ben.username}` }).click();
  await ana.page.getByRole("button", { name: "Show posts" }).click();
  await expect(postWith(ana.page, "talks a lot")).toBeVisible();
  await ana.page.goto("/settings/muted");
  await ana.page.getByRole("button", { name: "Unmute" }).click();
  await expect(ana.page.getByRole("button", { name: "Mute" })).toBeVisible();
});
