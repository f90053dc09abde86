import { expect, test } from "./colony";

test("a page that cannot be loaded offline says so, and is loaded when the browser is online again", async ({
  colony,
}) => {
  const { page, context } = await colony.join("ana");
  await page.evaluate(() => {
    document.body.dataset.still = "here";
  });
  await context.setOffline(true);
  await expect(page.getByText("You are offline.")).toBeVisible();
  const account = page.getByRole("button", { name: /^Account menu/ }).filter({ visible: true });
  await expect(account).toBeInViewport({ ratio: 1 });
  await page.keyboard.press("?");
  await expect(page.getByText("cannot be loaded while you are offline")).toBeVisible();
  await page.getByRole("button", { name: "Dismiss" }).click();

  const bookmarks = page.getByRole("link", { name: "Bookmarks" }).filter({ visible: true });
  await bookmarks.click();
  await expect(page).toHaveURL(/\/bookmarks$/);
  const notice = page.getByRole("main").getByText("cannot be loaded while you are offline");
  await expect(notice).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(notice).toBeVisible();
  await expect(bookmarks).toBeVisible();

  await context.setOffline(false);
  await expect(page.getByRole("heading", { level: 1, name: "Bookmarks" })).toBeVisible();
  await expect(page.getByText("You are offline.")).toBeHidden();
  expect(await page.evaluate(() => document.body.dataset.still)).toBe("here");
});

test("a page whose code went away with a new version is loaded anew", async ({ colony }) => {
  const { page } = await colony.join("ana");
  const home = await (await page.request.get("/")).text();
  let renewed = false;
  await page.route("**/assets/personal-*.js", (route) =>
    renewed ? route.continue() : route.fulfill({ status: 404 }),
  );
  await page.route(
    (url) => url.pathname === "/",
    (route) => {
      renewed = true;
      return route.fulfill({
        contentType: "text/html",
        body: home.replace(/index-[\w-]+\.js/, "index-newer.js"),
      });
    },
  );
  await page.getByRole("link", { name: "Bookmarks" }).filter({ visible: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Bookmarks" })).toBeVisible();
  expect(renewed).toBe(true);
});
