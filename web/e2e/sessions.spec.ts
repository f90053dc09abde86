import { atHome, expect, test } from "./colony";

test("ending a session signs the other browser out", async ({ colony }) => {
  const ana = await colony.join("ana");
  const other = await colony.visit();
  await other.goto("/login");
  await other.getByLabel("Username or e-mail").fill(ana.username);
  await other.getByLabel("Password").fill(ana.password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await atHome(other);

  await ana.page.goto("/settings/sessions");
  const sessions = ana.page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
  await expect(sessions).toHaveCount(2);
  await sessions.getByRole("button", { name: /^End the session/ }).click();
  await expect(sessions).toHaveCount(1);

  // Nothing is clicked there: the live connection is closed, the refresh refused.
  await expect(other.getByRole("heading", { name: "Where the colony talks." })).toBeVisible();
  await expect(other.getByText("You were signed out")).toBeVisible();
  await other.goto("/notifications");
  await expect(other).toHaveURL(/\/login/);
  await ana.page.goto("/");
  await atHome(ana.page);
});

test("ending all other sessions asks first, and says so where they were", async ({ colony }) => {
  const ana = await colony.join("ana");
  const other = await colony.visit();
  await other.goto("/login?next=%2Fbookmarks");
  await other.getByLabel("Username or e-mail").fill(ana.username);
  await other.getByLabel("Password").fill(ana.password);
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByRole("heading", { level: 1, name: "Bookmarks" })).toBeVisible();

  const { page } = ana;
  await page.goto("/settings/sessions");
  const sessions = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
  await expect(sessions).toHaveCount(2);
  const button = page.getByRole("button", { name: "End all other sessions" });
  await button.click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
  await expect(button).toBeFocused();
  await expect(sessions).toHaveCount(2);
  await button.click();
  await page.getByRole("alertdialog").getByRole("button", { name: "End them" }).click();
  await expect(sessions).toHaveCount(1);
  await expect(other.getByRole("heading", { name: "Welcome back" })).toBeVisible();
  await expect(other.getByText("You were signed out")).toBeVisible();
});

test("signing out in one tab signs out the other", async ({ colony }) => {
  const ana = await colony.join("ana");
  const second = await ana.context.newPage();
  await second.goto("/bookmarks");
  await expect(second.getByRole("heading", { level: 1, name: "Bookmarks" })).toBeVisible();
  // The mark that this browser has signed in is set for new pages by the test; what ends here is the open one.
  await ana.page
    .getByRole("button", { name: /^Account menu/ })
    .filter({ visible: true })
    .click();
  await ana.page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(ana.page.getByRole("heading", { name: "Where the colony talks." })).toBeVisible();
  await expect(second).toHaveURL(/\/login/);
});

test("a new password works and the old one does not", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  await page.goto("/settings/password");
  await page.getByLabel("Current password").fill("wrong lantern 12 fern");
  await page.getByLabel("New password").fill("velvet anchor 91 thistle");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(
    page.getByRole("alert").or(page.getByText(/password/i).and(page.locator("[id$=-error]"))),
  ).toBeVisible();
  await page.getByLabel("Current password").fill(ana.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed.")).toBeVisible();
  const signIn = (password: string) =>
    ana.context.request.post("/v1/sessions", { data: { login: ana.username, password } });
  expect((await signIn(ana.password)).status()).toBe(401);
  expect((await signIn("velvet anchor 91 thistle")).status()).toBe(201);
});
