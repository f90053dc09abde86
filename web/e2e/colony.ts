import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from "@playwright/test";

/** Somebody with a browser of their own. */
export interface Person {
  username: string;
  email: string;
  password: string;
  page: Page;
  context: BrowserContext;
}

interface Colony {
  /** A new account, signed in and at home. */
  join: (name: string, options?: BrowserContextOptions) => Promise<Person>;
  /** A browser in which nobody is signed in. */
  visit: (options?: BrowserContextOptions) => Promise<Page>;
}

export const password = "quartz lantern 77 moss";

/** Names must be new in every run, and short enough for a username. */
let count = 0;
export const freshName = (name: string) => `${name}_${Date.now().toString(36)}${(count++).toString(36)}`;

/** Every page reports what the Content-Security-Policy refused and what broke; a test with either fails. */
async function watch(context: BrowserContext, trouble: string[]): Promise<void> {
  await context.exposeBinding("reportTrouble", (_, text: string) => trouble.push(text));
  await context.addInitScript(() => {
    const report = (window as unknown as { reportTrouble: (text: string) => void }).reportTrouble;
    document.addEventListener("securitypolicyviolation", (event) =>
      report(
        `CSP: ${event.violatedDirective} refused ${event.blockedURI || event.sample} (${event.sourceFile})`,
      ),
    );
  });
  context.on("weberror", (error) => trouble.push(`Error: ${error.error().message}`));
}

/** Signs up over the API, as the web app would, so that the context holds the refresh cookie. */
async function signUp(context: BrowserContext, username: string): Promise<void> {
  const answer = await context.request.post("/v1/users", {
    headers: { "X-Rookery-Client": "web", "Sec-Fetch-Site": "same-origin" },
    data: { username, email: `${username}@example.org`, password },
  });
  expect(answer.status(), await answer.text()).toBe(201);
  await context.addInitScript(() => {
    // A page begins as about:blank, which has no storage.
    if (location.protocol.startsWith("http")) localStorage.setItem("rookery.signed-in", "1");
  });
}

export const test = base.extend<{ colony: Colony }>({
  colony: async ({ browser, baseURL }, use) => {
    const contexts: BrowserContext[] = [];
    const trouble: string[] = [];
    const open = async (options: BrowserContextOptions = {}) => {
      const context = await browser.newContext({
        ...(baseURL && { baseURL }),
        reducedMotion: "reduce",
        ...options,
      });
      contexts.push(context);
      await watch(context, trouble);
      return context;
    };
    await use({
      join: async (name, options) => {
        const username = freshName(name);
        const context = await open(options);
        await signUp(context, username);
        const page = await context.newPage();
        await page.goto("/");
        await atHome(page);
        return { username, email: `${username}@example.org`, password, page, context };
      },
      visit: async (options) => (await open(options)).newPage(),
    });
    expect(trouble).toEqual([]);
    await Promise.all(contexts.map((context) => context.close()));
  },
});

export { expect };

/** Home is loaded and, on a screen wide enough to say so, the live connection stands. */
export async function atHome(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Home" })).toBeVisible();
  if ((page.viewportSize()?.width ?? 0) >= 1024)
    await expect(page.locator("[data-stream=live]")).toBeVisible();
}

export async function follow(person: Person, username: string): Promise<void> {
  await person.page.goto(`/@${username}`);
  const profile = person.page.getByRole("main"); // the same person may be suggested beside it
  await profile.getByRole("button", { name: new RegExp(`^Follow( back)? @${username}$`) }).click();
  await expect(profile.getByRole("button", { name: `Unfollow @${username}` })).toBeVisible();
}

export const searchBox = (page: Page) =>
  page.getByRole("combobox", { name: "Search" }).filter({ visible: true });

/** Goes to somebody by the suggestions of the search box, which know a newcomer after a moment. */
export async function pick(page: Page, username: string): Promise<void> {
  await expect(async () => {
    await searchBox(page).fill("");
    await searchBox(page).fill(username);
    await page
      .getByRole("option")
      .filter({ hasText: `@${username}` })
      .click({ timeout: 2000 });
  }).toPass();
}

/** Posts from the dialog that "n" or the button opens. */
export async function write(person: Person, text: string): Promise<void> {
  const { page } = person;
  await page.getByRole("button", { name: "New post" }).filter({ visible: true }).click();
  const dialog = page.getByRole("dialog", { name: "New post" });
  await dialog.getByRole("textbox").fill(text);
  const sent = page.waitForResponse(
    (answer) => answer.url().endsWith("/v1/posts") && answer.request().method() === "POST",
  );
  await dialog.getByRole("button", { name: "Post", exact: true }).click();
  expect((await sent).status()).toBe(201);
  await expect(dialog).toBeHidden();
}

export const postWith = (page: Page, text: string) => page.getByRole("article").filter({ hasText: text });
