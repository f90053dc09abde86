import { expect, follow, postWith, test, write } from "./colony";

test("follow, like, repost and reply are notified live", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  await write(ana, "Is anybody up there?");

  await follow(ben, ana.username);
  await expect(ana.page.getByRole("link", { name: "Notifications, 1 new" })).toBeVisible();

  const post = postWith(ben.page, "Is anybody up there?");
  await post.getByRole("button", { name: /^Like/ }).click();
  await expect(post.getByRole("button", { name: "Like. 1 like" })).toHaveAttribute("aria-pressed", "true");
  await expect(ana.page.getByRole("link", { name: "Notifications, 2 new" })).toBeVisible();

  await post.getByRole("button", { name: /^Repost/ }).click();
  await ben.page.getByRole("menuitem", { name: "Repost" }).click();
  await expect(ana.page.getByRole("link", { name: "Notifications, 3 new" })).toBeVisible();

  await post.getByRole("button", { name: /^Reply/ }).click();
  await ben.page.getByRole("dialog").getByRole("textbox").fill("Only me and the gulls");
  await ben.page.getByRole("dialog").getByRole("button", { name: "Reply", exact: true }).click();
  await expect(ana.page.getByRole("link", { name: "Notifications, 4 new" })).toBeVisible();
  await expect(ana.page).toHaveTitle(/^\(4\)/);

  await ana.page.getByRole("link", { name: "Notifications, 4 new" }).click();
  const list = ana.page.getByRole("list", { name: "Notifications" });
  await expect(list.getByText("followed you")).toBeVisible();
  await expect(list.getByText("liked your post")).toBeVisible();
  await expect(list.getByText("reposted your post")).toBeVisible();
  await expect(list.getByText("Only me and the gulls")).toBeVisible();

  // Having looked marks them read, here and on the server.
  await expect(ana.page.getByRole("link", { name: "Notifications", exact: true })).toBeVisible();
  await ana.page.reload();
  await expect(list.getByText("followed you")).toBeVisible();
  await expect(ana.page.getByRole("link", { name: "Notifications", exact: true })).toBeVisible();
});

test("an act that comes while the page is open appears on it", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  await ana.page.goto("/notifications");
  await expect(ana.page.getByRole("heading", { name: "All quiet" })).toBeVisible();
  await follow(ben, ana.username);
  await expect(ana.page.getByText("followed you")).toBeVisible();
});
