import type { Page } from "@playwright/test";
import { operatorHelp } from "../src/domain/search/operator-help";
import { findings } from "./axe";
import { expect, follow, freshName, type Person, pick, postWith, searchBox, test, write } from "./colony";

/** The API as one person uses it. */
async function apiOf({ context, username, password }: Person) {
  const grant = await context.request.post("/v1/sessions", { data: { login: username, password } });
  const headers = { Authorization: `Bearer ${(await grant.json()).access_token}` };
  return {
    write: async (content: string) => {
      const answer = await context.request.post("/v1/posts", { headers, data: { content } });
      expect(answer.status(), await answer.text()).toBe(201);
    },
    search: async (q: string) =>
      (await context.request.get("/v1/search/posts", { headers, params: { q } })).status(),
  };
}

const freshWord = (name: string) => freshName(name).replaceAll("_", "");

/** The index of search follows the posts by a moment. */
async function searched(page: Page, query: string, text: string): Promise<void> {
  await expect(async () => {
    await page.goto(`/explore?q=${encodeURIComponent(query)}&tab=latest`);
    await expect(postWith(page, text)).toBeVisible({ timeout: 3000 });
  }).toPass();
}

test("posts are found by words and operators, and what cannot be read is shown", async ({ colony }) => {
  const ana = await colony.join("ana");
  const word = freshWord("harbour");
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
  const refusal = page.getByRole("alert");
  await expect(refusal).toContainText("This parenthesis is never closed.");
  await expect(refusal.getByRole("paragraph").first()).toHaveText(`${word} (rooks`);
  await expect(page.locator("[data-refused]")).toHaveText("(");
  await expect(box).toHaveAttribute("aria-invalid", "true");
  await expect(box).toHaveAccessibleDescription(/never closed/);

  // A place is counted in characters, whatever they are made of.
  await box.fill("🐦🐦 since:soon nest");
  await box.press("Enter");
  await expect(page.locator("[data-refused]")).toHaveText("soon");
  await expect(refusal).toContainText("since: takes a day such as 2026-01-31, not “soon”.");
});

test("every example of the help is a query that can be read", async ({ colony }) => {
  const { search } = await apiOf(await colony.join("ana"));
  for (const [example] of operatorHelp.flatMap(({ examples }) => [...examples]))
    expect(await search(example), example).toBe(200);
});

test("operators are completed, explained and remembered, all from the box", async ({ colony }) => {
  const { page } = await colony.join("ana");
  await page.goto("/explore");
  const box = searchBox(page);
  await box.fill("nest fro");
  await expect(page.getByRole("option").filter({ hasText: "from:" })).toBeVisible();
  await box.press("ArrowUp");
  await box.press("Enter");
  await expect(box).toHaveValue("nest from:");
  await expect(box).toBeFocused();

  await box.fill("nest");
  await page.getByRole("button", { name: "How to search precisely" }).click();
  await page.getByRole("button", { name: /^has:image/ }).click();
  await expect(box).toHaveValue("nest has:image");
  await expect(box).toBeFocused();
  await box.press("Enter");
  await expect(page).toHaveURL("/explore?q=nest+has%3Aimage");
  await expect(page.getByRole("link", { name: "Without has:image" })).toBeVisible();

  await page.goto("/");
  await searchBox(page).focus();
  const recent = page.getByRole("option", { name: "nest has:image" });
  await expect(recent).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/explore?q=nest+has%3Aimage");
  await searchBox(page).fill("");
  await expect(recent).toBeVisible();
  await page.getByRole("button", { name: "Remove “nest has:image”" }).click();
  await expect(recent).toBeHidden();
});

test("a slow network is shown, and only the last question counts", async ({ colony }) => {
  const { page } = await colony.join("ana");
  const ended: string[] = [];
  page.on("requestfailed", (request) => ended.push(request.url()));
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/v1/search/typeahead?*", async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await page.goto("/explore");
  await searchBox(page).fill("fro");
  const first = await page.waitForRequest(/typeahead\?q=fro$/);
  await expect(page.getByText("Looking for suggestions …")).toBeVisible();
  await searchBox(page).fill("min_l");
  await page.waitForRequest(/typeahead\?q=min_l$/);
  await expect.poll(() => ended).toContain(first.url());
  release();
  await expect(page.getByRole("option").filter({ hasText: "min_likes:" })).toBeVisible();
  await expect(page.getByRole("option").filter({ hasText: "from:" })).toHaveCount(0);
});

test("the form begins with the query and writes the next one", async ({ colony }) => {
  const { page } = await colony.join("ana");
  await page.goto(`/explore?q=${encodeURIComponent("nest from:ana (rook OR crow)")}`);
  await page.getByRole("button", { name: "Advanced search" }).click();
  const dialog = page.getByRole("dialog", { name: "Advanced search" });
  await expect(dialog.getByLabel("All of these")).toHaveValue("nest");
  await expect(dialog.getByLabel("Any of these")).toHaveValue("rook crow");
  await expect(dialog.getByLabel("Written by")).toHaveValue("ana");
  await dialog.getByLabel("Written by").fill("");
  await dialog.getByLabel("On this day or later").fill("2026-01-31");
  await dialog.getByLabel("Language").selectOption({ label: "English" });
  await dialog.getByLabel("Likes, at least").fill("3");
  await dialog.getByRole("button", { name: "Search" }).click();
  await expect(searchBox(page)).toHaveValue("nest (rook OR crow) since:2026-01-31 lang:en min_likes:3");
});

test("what several people speak of is trending, and leads to their posts", async ({ colony }) => {
  test.setTimeout(150_000);
  const people = [await colony.join("ana"), await colony.join("ben"), await colony.join("cem")] as const;
  const tag = freshWord("storm");
  for (const person of people) await (await apiOf(person)).write(`What weather! #${tag} ${person.username}`);
  const [{ page }] = people;
  await page.goto("/explore");
  await page.getByText("Last hour").click();
  const trend = page
    .getByRole("main")
    .getByRole("link")
    .filter({ hasText: `#${tag}` });
  // The last hour is looked at each minute.
  await expect(async () => {
    await page.reload();
    await expect(trend).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 100_000 });
  await expect(page.getByRole("radio", { name: "Last hour" })).toBeChecked();
  await expect(trend).toContainText("3 people in the last hour, hardly anybody before");
  await page.getByLabel("Language of trends").selectOption({ label: "Japanese" });
  await expect(page.getByText("Nothing stands out right now.")).toBeVisible();
  await page.getByLabel("Language of trends").selectOption({ label: "All languages" });
  await trend.click();
  await expect(page).toHaveURL(`/explore?q=%23${tag}`);
  for (const { username } of people) await expect(postWith(page, `#${tag} ${username}`)).toBeVisible();
});

test("strangers search, read hashtags and are asked to join where the search needs to know them", async ({
  colony,
}) => {
  const ana = await colony.join("ana");
  const tag = freshWord("reed");
  await write(ana, `Quiet in the #${tag}`);
  const stranger = await colony.visit();
  await stranger.goto("/");
  await stranger.getByRole("link", { name: "Look around" }).click();
  await expect(stranger).toHaveURL("/explore");
  await expect(
    stranger.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Explore" }),
  ).toHaveAttribute("aria-current", "page");
  expect(await findings(stranger)).toEqual([]);
  await searched(stranger, `#${tag}`, "Quiet in the");
  await postWith(stranger, "Quiet in the")
    .getByRole("link", { name: `#${tag}` })
    .click();
  await expect(stranger).toHaveURL(`/hashtag/${tag}`);
  await expect(stranger.getByRole("heading", { level: 1, name: `#${tag}` })).toBeVisible();
  await stranger.getByRole("tab", { name: "Top" }).click();
  await expect(stranger).toHaveURL(`/hashtag/${tag}?tab=top`);
  await expect(postWith(stranger, "Quiet in the")).toBeVisible();
  await stranger.goto("/explore?q=filter%3Afollows");
  await stranger.getByRole("button", { name: "Sign in" }).click();
  await expect(stranger.getByRole("dialog", { name: "Join the conversation" })).toBeVisible();
});

test("who looks around finds what many like", async ({ colony }) => {
  test.setTimeout(120_000);
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  const text = `Liked by the whole ${freshWord("rookery")}`;
  await write(ana, text);
  await follow(ben, ana.username);
  await ben.page.goto("/");
  await postWith(ben.page, text).getByRole("button", { name: "Like" }).click();
  const stranger = await colony.visit();
  const popular = stranger.getByRole("region", { name: "Popular posts" });
  // What is popular is looked at each minute.
  await expect(async () => {
    await stranger.goto("/explore");
    await expect(popular.getByRole("article").filter({ hasText: text })).toBeVisible({ timeout: 4000 });
  }).toPass({ timeout: 90_000 });
  expect(await findings(stranger)).toEqual([]);
  await popular.getByRole("article").filter({ hasText: text }).getByText(text).click();
  await expect(stranger).toHaveURL(new RegExp(`/@${ana.username}/posts/`));
});

test("below a conversation stand posts like it, for who asks", async ({ colony }) => {
  const ana = await colony.join("ana");
  const ben = await colony.join("ben");
  const word = freshWord("cormorant");
  await (await apiOf(ben)).write(`A ${word} dries its wings at the pier`);
  await write(ana, `Saw a ${word} with spread wings at the pier`);
  const { page } = ana;
  await page.goto(`/@${ana.username}`);
  await postWith(page, word).locator("time").click();
  await expect(async () => {
    await page.reload();
    await page.getByRole("button", { name: "Posts like this" }).click();
    await expect(postWith(page, "dries its wings")).toBeVisible({ timeout: 4000 });
  }).toPass();
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
  await page.getByRole("button", { name: `Follow @${cem.username}` }).click();
  await page.getByRole("button", { name: `Unfollow @${cem.username}` }).click();
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
    await page.keyboard.press("Escape");
    await page.goto("/explore?q=%28rook");
    await expect(page.getByRole("alert")).toBeVisible();
    expect(await findings(page), "refusal").toEqual([]);
    await page.getByRole("button", { name: "Advanced search" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await findings(page), "advanced search").toEqual([]);
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
  // One line, however much stands beside it.
  await expect
    .poll(async () => (await page.getByRole("heading", { name: "Trending" }).boundingBox())?.height)
    .toBeLessThan(40);
  await pick(page, ben.username);
  await expect(page).toHaveURL(`/@${ben.username}`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
