import { atHome, expect, follow, type Person, postWith, test, write } from "./colony";

async function edit(person: Person, from: string, to: string): Promise<void> {
  const { page } = person;
  await postWith(page, from).first().getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Edit post" }).click();
  await page.getByRole("dialog").getByRole("textbox").fill(to);
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(postWith(page, to).first()).toBeVisible();
}

async function remove(person: Person, text: string): Promise<void> {
  const { page } = person;
  await postWith(page, text).first().getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete post" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(postWith(page, text)).toHaveCount(0);
}

async function home(person: Person): Promise<void> {
  await person.page.goto("/");
  await atHome(person.page);
}

test("an edit and a deletion change the open page of a follower", async ({ colony }) => {
  const [ana, ben] = [await colony.join("ana"), await colony.join("ben")];
  await follow(ben, ana.username);
  await write(ana, "two rooks on the wire");
  await write(ana, "a thought to take back");
  await home(ben);
  const kept = postWith(ben.page, "rooks on the wire");
  await expect(kept).toContainText("two rooks");
  await kept.getByRole("button", { name: /^Like/ }).click();

  await edit(ana, "two rooks", "three rooks on the wire");
  await expect(kept).toContainText("three rooks");
  await expect(kept).toContainText("edited");
  await expect(kept.getByRole("button", { name: /^Like/ })).toHaveAttribute("aria-pressed", "true");
  await expect(ben.page.getByRole("button", { name: /new post/ })).toHaveCount(0);

  await remove(ana, "a thought to take back");
  await expect(postWith(ben.page, "a thought to take back")).toHaveCount(0);
  await expect(kept).toBeVisible();

  // On the page of the post itself.
  await kept.click();
  await expect(ben.page).toHaveURL(/\/posts\/\d+$/);
  await edit(ana, "three rooks", "four rooks on the wire");
  await expect(ben.page.getByRole("article").first()).toContainText("four rooks");
  await remove(ana, "four rooks");
  await expect(ben.page.getByText("This post is not here")).toBeVisible();
});

test("what is read stays in its place when a post above it goes", async ({ colony }) => {
  const [ana, ben] = [await colony.join("ana"), await colony.join("ben")];
  const grant = await ana.context.request.post("/v1/sessions", {
    data: { login: ana.username, password: ana.password },
  });
  const headers = { Authorization: `Bearer ${(await grant.json()).access_token}` };
  const ids: string[] = [];
  for (let number = 1; number <= 16; number++) {
    const content =
      `entry ${number} of many ${"with some words to fill a line or two ".repeat(number % 4)}`.trim();
    const answer = await ana.context.request.post("/v1/posts", { headers, data: { content } });
    expect(answer.status()).toBe(201);
    ids.push((await answer.json()).id);
  }
  await follow(ben, ana.username);
  await home(ben);
  const read = postWith(ben.page, "entry 6 of many");
  await expect(async () => {
    await ben.page.mouse.wheel(0, 400);
    await expect(read).toBeInViewport({ timeout: 200 });
  }).toPass();
  const above = await ben.page.evaluate(
    () =>
      [...document.querySelectorAll("article")].filter((each) => each.getBoundingClientRect().bottom < 0)
        .length,
  );
  expect(above).toBeGreaterThan(0);
  const topOf = async () => (await read.boundingBox())?.y ?? Number.NaN;
  const before = await topOf();
  const gone = await ana.context.request.delete(`/v1/posts/${ids[14]}`, { headers });
  expect(gone.status()).toBe(204);
  const mark = postWith(ben.page, "entry 5 of many");
  const edited = await ana.context.request.patch(`/v1/posts/${ids[4]}`, {
    headers,
    data: { content: "entry 5 of many, edited after the deletion" },
  });
  expect(edited.status()).toBe(200);
  await expect(mark).toContainText("after the deletion");
  expect(Math.abs((await topOf()) - before)).toBeLessThan(2);
  await ben.page.evaluate(() => window.scrollTo(0, 0));
  await expect(postWith(ben.page, "entry 14 of many")).toBeVisible();
  await expect(postWith(ben.page, "entry 15 of many")).toHaveCount(0);
});
