import type { Locator, Page } from "@playwright/test";
import type { components } from "../src/api/schema";
import { findings } from "./axe";
import { expect, type Person, postWith, test } from "./colony";

/** The API as one person uses it; quicker than the pages where only the outcome matters. */
async function apiOf({ context, username, password }: Person) {
  const grant = await context.request.post("/v1/sessions", { data: { login: username, password } });
  const headers = { Authorization: `Bearer ${(await grant.json()).access_token}` };
  return {
    write: async (content: string): Promise<string> => {
      const answer = await context.request.post("/v1/posts", { headers, data: { content } });
      expect(answer.status(), await answer.text()).toBe(201);
      return (await answer.json()).id;
    },
    like: async (postId: string) => {
      expect((await context.request.put(`/v1/posts/${postId}/like`, { headers })).ok()).toBe(true);
    },
    /** Each post's text, and whether the ranking knows it as seen. */
    forYou: async (): Promise<[string, boolean][]> => {
      const answer = await context.request.get("/v1/timelines/for-you?limit=100", { headers });
      const { data } = (await answer.json()) as components["schemas"]["RankedPage"];
      return data.map(({ content, why }) => [content, why.signals.some(({ name }) => name === "seen")]);
    },
    follow: async (name: string) => {
      const user = await (await context.request.get(`/v1/users/by-username/${name}`, { headers })).json();
      expect((await context.request.put(`/v1/users/me/following/${user.id}`, { headers })).ok()).toBe(true);
    },
  };
}

const tab = (page: Page, name: string) => page.getByRole("tab", { name });
const cards = (page: Page) => page.getByRole("feed").getByRole("article");

async function openForYou(page: Page): Promise<void> {
  await page.goto("/");
  await tab(page, "For you").click();
  await expect(page.getByRole("feed", { name: "For you" })).toBeVisible();
}

async function fromMenu(post: Locator, item: string): Promise<void> {
  await post.getByRole("button", { name: "More", exact: true }).click();
  await post.page().getByRole("menuitem", { name: item }).click();
}

/** Fan-out and counting come a moment after the act: ranks anew until what is expected is there. */
async function refreshUntil(page: Page, holds: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click();
    await expect(page.getByRole("button", { name: "Refresh" })).toBeEnabled();
    await holds();
  }).toPass();
}

test("two timelines, by keyboard, each at its place, and the choice is remembered", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  const { page } = ana;
  await (await apiOf(ana)).follow(ben.username);
  const bens = await apiOf(ben);
  for (let number = 1; number <= 30; number++) await bens.write(`entry number ${number} of ben`);
  await page.reload();
  await expect(postWith(page, "entry number 30 ")).toBeVisible();
  await expect(tab(page, "Following")).toHaveAttribute("aria-selected", "true");

  await page.mouse.wheel(0, 700);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(700);
  await tab(page, "Following").focus();
  await page.keyboard.press("ArrowRight");
  await expect(tab(page, "For you")).toBeFocused();
  await expect(tab(page, "For you")).toHaveAttribute("aria-selected", "true");
  const introduction = page.getByText("For you is ranked, by weights that are yours.");
  await expect(introduction).toBeVisible();
  await expect(cards(page).first()).toBeVisible();
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
  await page.getByRole("button", { name: "Dismiss" }).click();
  await expect(introduction).toBeHidden();

  await page.mouse.wheel(0, 300);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(300);
  await tab(page, "Following").click();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(700);
  await tab(page, "For you").click();
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(300);

  await page.reload();
  await expect(tab(page, "For you")).toHaveAttribute("aria-selected", "true");
  await expect(cards(page).first()).toBeVisible();
  await expect(introduction).toBeHidden();
});

test("why a post is here, and less like it, with a way back", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  const cleo = await colony.join("cleo");
  const { page } = ana;
  const anas = await apiOf(ana);
  await anas.follow(ben.username);
  const bens = await apiOf(ben);
  // What other people wrote on this server may be ranked too.
  const text = `${cleo.username} is not followed`;
  await bens.write(`${ben.username} writes himself`);
  await bens.like(await (await apiOf(cleo)).write(text));
  await openForYou(page);
  const post = postWith(page, text);
  const reason = `Liked or reposted by ${ben.username}`;
  await refreshUntil(page, () => expect(post).toContainText(reason, { timeout: 500 }));

  await fromMenu(post, "Why this post?");
  const dialog = page.getByRole("dialog", { name: "Why this post?" });
  await expect(dialog).toContainText(`You do not follow ${cleo.username}`);
  await expect(dialog.getByRole("listitem").filter({ hasText: "People around you" })).toContainText(
    /\+\d+ %/,
  );
  await expect(dialog.getByRole("link", { name: "Tune your weights" })).toHaveAttribute(
    "href",
    "/settings/ranking",
  );
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  const order = await cards(page).allTextContents();
  await fromMenu(post, "Show less like this");
  await expect(post).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(post).toBeVisible();
  expect(await cards(page).allTextContents()).toEqual(order);

  await post.getByRole("button", { name: reason }).click();
  const taken = page.waitForResponse((answer) => answer.request().method() === "PUT");
  await dialog.getByRole("button", { name: "Show less like this" }).click();
  expect((await taken).status()).toBe(204);
  await expect(post).toHaveCount(0);
  await page.reload();
  await expect(cards(page).first()).toBeVisible(); // what was seen may stand further down than the page shows
  await expect(post).toHaveCount(0);

  await page.getByRole("link", { name: "Tune your weights" }).click();
  await expect(page.getByText("less like 1 post by 1 author")).toBeVisible();
  await page.getByRole("button", { name: "Forget it" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Forget" }).click();
  await expect(page.getByText("You have not asked to see less")).toBeVisible();
  // Having been seen, it may stand further down than the page shows.
  expect((await anas.forYou()).map(([found]) => found)).toContain(text);
});

test("a slider changes the order, is saved by itself, and can be reset", async ({ colony }) => {
  const ana = await colony.join("ana");
  const [ben, cleo, dan] = [await colony.join("ben"), await colony.join("cleo"), await colony.join("dan")];
  const { page } = ana;
  const anas = await apiOf(ana);
  for (const { username } of [ben, cleo, dan]) await anas.follow(username);
  const [older, newer] = [`${ben.username} is liked`, `${cleo.username} is newer`];
  const liked = await (await apiOf(ben)).write(older);
  await (await apiOf(dan)).like(liked);
  await (await apiOf(cleo)).write(newer);
  const preview = page.getByRole("region", { name: "On top by these weights" }).getByRole("listitem");
  await expect(async () => {
    await page.goto("/settings/ranking");
    await expect(preview.first()).toContainText(older, { timeout: 2000 });
  }).toPass();

  const network = page.getByRole("slider", { name: "Liked around you" });
  for (const slider of [network, page.getByRole("slider", { name: "Posts that take off" })]) {
    await slider.focus();
    await page.keyboard.press("Home");
    await expect(slider).toHaveAttribute("aria-valuetext", "Off");
  }
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await expect(preview.first()).toContainText(newer);
  await openForYou(page);
  await expect(cards(page).first()).toContainText(newer);

  await page.goto("/settings/ranking");
  await expect(network).toHaveValue("0");
  await page.getByRole("button", { name: "Reset Liked around you" }).click();
  await expect(network).toHaveAttribute("aria-valuetext", "Default");
  await page.getByRole("button", { name: "Reset all" }).click();
  await expect(page.getByRole("button", { name: "Reset all" })).toBeDisabled();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(network).toHaveValue("1");
  await expect(page.getByRole("button", { name: "Reset all" })).toBeDisabled();
});

/** Longer than a post has to stay plus what a batch waits. */
const reportedByMs = 6000;

test("what was on the screen is reported once, and only of For you", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  const { page } = ana;
  const anas = await apiOf(ana);
  await anas.follow(ben.username);
  const text = `${ben.username} is looked at for a second`;
  await (await apiOf(ben)).write(text);
  await expect.poll(anas.forYou).toContainEqual([text, false]);
  const post = postWith(page, text);
  let reports = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/for-you/seen")) reports += 1;
  });
  await page.reload();
  await expect(post).toBeVisible();
  await page.waitForTimeout(reportedByMs);
  expect(reports).toBe(0);
  expect(await anas.forYou()).toContainEqual([text, false]);

  await tab(page, "For you").click();
  await expect(post).toBeInViewport();
  await expect.poll(anas.forYou).toContainEqual([text, true]);
  await tab(page, "Following").click();
  await page.waitForTimeout(reportedByMs);
  const before = reports;
  await tab(page, "For you").click();
  await page.waitForTimeout(reportedByMs);
  expect(reports).toBe(before);
});

test("what was on the screen is reported even when the page is left at once", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  const anas = await apiOf(ana);
  await anas.follow(ben.username);
  const text = `${ben.username} is seen and left`;
  await (await apiOf(ben)).write(text);
  await expect.poll(anas.forYou).toContainEqual([text, false]);
  await openForYou(ana.page);
  await expect(postWith(ana.page, text)).toBeInViewport();
  // Long enough to be seen, too short for a batch to be sent by the clock.
  await ana.page.waitForTimeout(1500);
  await ana.page.goto("about:blank");
  await expect.poll(anas.forYou).toContainEqual([text, true]);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`no serious finding about the ranked timeline in ${colorScheme}`, async ({ colony }) => {
    const ana = await colony.join("ana", { colorScheme });
    const ben = await colony.join("ben");
    const { page } = ana;
    await (await apiOf(ana)).follow(ben.username);
    const text = `${ben.username} is ranked`;
    await (await apiOf(ben)).write(text);
    await openForYou(page);
    const post = postWith(page, text);
    await refreshUntil(page, () => expect(post).toBeVisible({ timeout: 500 }));
    expect(await findings(page), "For you").toEqual([]);
    await fromMenu(post, "Why this post?");
    await page.getByRole("dialog").waitFor();
    expect(await findings(page), "why").toEqual([]);
    await page.getByRole("link", { name: "Tune your weights" }).last().click();
    await expect(page.getByRole("slider", { name: "Recent posts" })).toBeVisible();
    await page.getByRole("slider", { name: "Recent posts" }).press("ArrowLeft");
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    expect(await findings(page), "settings").toEqual([]);
  });
}
