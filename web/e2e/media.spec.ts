import type { Locator, Page } from "@playwright/test";
import { findings } from "./axe";
import { expect, type Person, postWith, test } from "./colony";
import { bring, picture, type TestFile, video } from "./pictures";

const dialogOf = (page: Page) => page.getByRole("dialog", { name: "New post" });
const tiles = (page: Page) => dialogOf(page).getByRole("list", { name: "Attached" }).getByRole("listitem");

async function openComposer({ page }: Person): Promise<Locator> {
  await page.getByRole("button", { name: "New post" }).filter({ visible: true }).click();
  return dialogOf(page);
}

async function choose(page: Page, button: Locator, files: TestFile | TestFile[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await button.click();
  await (await chooser).setFiles(files);
}

const attach = (page: Page, files: TestFile | TestFile[]) =>
  choose(page, dialogOf(page).getByRole("button", { name: "Add pictures or a video" }), files);

/** Every attachment is taken in and made ready. */
async function settled(page: Page, count: number): Promise<void> {
  await expect(tiles(page)).toHaveCount(count);
  await expect(dialogOf(page).getByRole("progressbar")).toHaveCount(0, { timeout: 30_000 });
}

async function writeAlt(page: Page, noun: string, alt: string): Promise<void> {
  await dialogOf(page)
    .getByRole("button", { name: `Describe ${noun}` })
    .click();
  const dialog = page.getByRole("dialog", { name: "Description" });
  await dialog.getByRole("textbox").fill(alt);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
}

const post = (page: Page) => dialogOf(page).getByRole("button", { name: "Post", exact: true }).click();

/** The pictures of a post are loaded, not merely there. */
async function expectLoaded(where: Locator, count: number): Promise<void> {
  await expect(where.locator("[data-media] img")).toHaveCount(count);
  await expect
    .poll(() =>
      where
        .locator("[data-media] img")
        .evaluateAll((images) => images.every((image) => (image as HTMLImageElement).naturalWidth > 0)),
    )
    .toBe(true);
}

test("pictures by button, paste and drop; described, moved, cropped, posted, and looked at by keyboard", async ({
  colony,
}) => {
  test.setTimeout(150_000);
  const ana = await colony.join("ana");
  const { page } = ana;
  const dialog = await openComposer(ana);
  await dialog.getByRole("textbox").fill("three sunsets");
  const [first, second, third] = await Promise.all([
    picture(page, "first.jpg"),
    picture(page, "second.png", { width: 400, height: 600, hue: 90 }),
    picture(page, "third.jpg", { width: 900, height: 300, hue: 300 }),
  ]);

  await attach(page, first);
  await expect(tiles(page)).toHaveCount(1);
  await bring(page, "[role=dialog] textarea", "paste", [second]);
  await expect(tiles(page)).toHaveCount(2);
  await bring(page, "[role=dialog] textarea", "dragenter", [third]);
  await expect(dialog.getByText("Drop to add")).toBeVisible();
  await bring(page, "[role=dialog] textarea", "drop", [third]);
  await expect(dialog.getByText("Drop to add")).toBeHidden();
  await settled(page, 3);
  expect(await findings(page), "composer with pictures").toEqual([]);

  await writeAlt(page, "picture 1", "A sunset over the sea");
  await writeAlt(page, "picture 2", "A green one, upright");
  await writeAlt(page, "picture 3", "A violet one, wide");
  await dialog.getByRole("button", { name: "Move picture 3 left" }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("Now number 2 of 3")).toBeAttached();
  await expect(dialog.getByRole("button", { name: "Move picture 2 left" })).toBeFocused();

  await dialog.getByRole("button", { name: "Crop picture 1" }).click();
  const cropper = page.getByRole("dialog", { name: "Crop picture" });
  await cropper.getByRole("button", { name: "Square" }).click();
  await expect(cropper.getByRole("button", { name: "Apply" })).toBeEnabled();
  expect(await findings(page), "crop").toEqual([]);
  await cropper.getByRole("button", { name: "Apply" }).click();
  await settled(page, 3);
  await post(page);
  await expect(dialog).toBeHidden();

  const shown = postWith(page, "three sunsets");
  await expectLoaded(shown, 3);
  const images = shown.locator("[data-media] img");
  await expect(images.nth(0)).toHaveAttribute("alt", "A sunset over the sea");
  await expect(images.nth(1)).toHaveAttribute("alt", "A violet one, wide");
  await expect(images.nth(2)).toHaveAttribute("alt", "A green one, upright");
  await expect(images.nth(0)).toHaveAttribute("width", "480");
  await expect(images.nth(0)).toHaveAttribute("height", "480");
  await shown.getByRole("button", { name: "Read the description" }).first().click();
  await expect(page.getByRole("dialog", { name: "Description" })).toHaveText(/A sunset over the sea/);
  expect(await findings(page), "description").toEqual([]);
  await page.keyboard.press("Escape");

  const opener = shown.getByRole("button", { name: "A sunset over the sea" });
  await opener.focus();
  await page.keyboard.press("Enter");
  const box = (number: number) => page.getByRole("dialog", { name: `Image ${number} of 3` });
  await expect(box(1)).toBeVisible();
  expect(await findings(page), "lightbox").toEqual([]);
  await page.keyboard.press("ArrowRight");
  await expect(box(2)).toContainText("A violet one, wide");
  await page.keyboard.press("End");
  await expect(box(3)).toBeVisible();
  await page.keyboard.press("Home");
  await expect(box(1)).toBeVisible();
  await page.keyboard.press("+");
  await expect(page.getByRole("button", { name: "Zoom out" })).toBeVisible();
  await page.keyboard.press("-");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(opener).toBeFocused();

  await opener.click();
  await expect(box(1)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/\/$/);
});

test("what is no picture is refused in words, may be removed, and the draft waits", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  const dialog = await openComposer(ana);
  const text = { name: "notes.png", mimeType: "image/png", buffer: Buffer.from("only words ".repeat(300)) };
  await attach(page, text);
  await expect(tiles(page).getByRole("alert")).toContainText("no picture or video that we take");
  await expect(tiles(page).getByRole("button", { name: "Try again" })).toBeVisible();
  await dialog.getByRole("textbox").fill("a sea");
  await expect(dialog.getByRole("button", { name: "Post", exact: true })).toBeDisabled();
  expect(await findings(page), "refused file").toEqual([]);
  await dialog.getByRole("button", { name: "Remove picture" }).click();

  await attach(page, { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("words") });
  await expect(dialog.getByRole("alert")).toHaveText("“notes.txt” is no picture or video that we take.");

  await attach(page, await picture(page, "sea.jpg"));
  await settled(page, 1);
  await page.reload();
  await openComposer(ana);
  await expect(tiles(page)).toHaveCount(1);
  await expect(dialog.getByRole("textbox")).toHaveValue("a sea");
  await dialog.getByRole("textbox").fill("");
  await post(page);
  const reminder = page.getByRole("dialog", { name: "Add a description?" });
  expect(await findings(page), "reminder").toEqual([]);
  await reminder.getByRole("button", { name: "Post without" }).click();
  await expect(dialog).toBeHidden();
  await page.goto(`/@${ana.username}/media`);
  await expectLoaded(page.getByRole("article"), 1);
});

test("a sensitive video is covered until it is wanted, and is processed while its post stands", async ({
  colony,
}) => {
  test.setTimeout(120_000);
  const ana = await colony.join("ana");
  const { page } = ana;
  const dialog = await openComposer(ana);
  const clip = await video(page, "clip.webm");
  await dialog.getByRole("textbox").fill("it moves");
  await attach(page, clip);
  await attach(page, await picture(page, "beside.jpg"));
  await expect(dialog.getByRole("alert")).toContainText("or one video");
  await writeAlt(page, "video", "A white square runs to the right");
  await dialog.getByRole("button", { name: "Sensitive" }).click();
  await post(page);
  await expect(dialog).toBeHidden();
  const shown = postWith(page, "it moves");
  await expect(shown.locator("video")).toHaveCount(0);
  await shown.getByRole("button", { name: "Show" }).click();
  const player = shown.locator("video");
  await expect(player).toHaveAttribute("aria-label", "A white square runs to the right", { timeout: 60_000 });
  await player.evaluate((element) => (element as HTMLVideoElement).play());
  await expect
    .poll(() => player.evaluate((element) => (element as HTMLVideoElement).currentTime))
    .toBeGreaterThan(0);
  expect(await findings(page), "video").toEqual([]);
});

test("avatar and header are chosen, cut and removed", async ({ colony }) => {
  test.setTimeout(120_000);
  const ana = await colony.join("ana");
  const { page } = ana;
  await page.goto(`/@${ana.username}`);
  await page.getByRole("button", { name: "Edit profile" }).click();
  const edit = page.getByRole("dialog", { name: "Edit profile" });
  for (const noun of ["profile picture", "header picture"]) {
    await choose(
      page,
      edit.getByRole("button", { name: `Change ${noun}` }),
      await picture(page, "me.jpg", { width: 1600, height: 900, hue: 140 }),
    );
    const cut = page.getByRole("dialog", { name: new RegExp(`^${noun}$`, "i") });
    expect(await findings(page), noun).toEqual([]);
    await cut.getByRole("button", { name: "Apply" }).click();
    await expect(cut).toBeHidden({ timeout: 30_000 });
    await expect(edit.getByRole("button", { name: `Remove ${noun}` })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  const [header, avatar] = [page.locator("main img").nth(0), page.locator("main img").nth(1)];
  const sizeOf = (image: Locator) =>
    image.evaluate((element) => {
      const { naturalWidth, naturalHeight } = element as HTMLImageElement;
      return [naturalWidth, naturalHeight];
    });
  await expect.poll(() => sizeOf(header)).toEqual([1500, 500]);
  await expect.poll(() => sizeOf(avatar)).toEqual([400, 400]);
  await page.getByRole("button", { name: "Edit profile" }).click();
  await edit.getByRole("button", { name: "Remove header picture" }).click();
  await expect(edit.getByRole("button", { name: "Remove header picture" })).toBeHidden();
});

test("on a phone, pictures are turned by swiping and large uploads go on in pieces", async ({ colony }) => {
  test.setTimeout(120_000);
  const ana = await colony.join("ana", {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const { page } = ana;
  const dialog = await openComposer(ana);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
  const plain = await picture(page, "small.jpg");
  // Bytes after the picture's end belong to nothing: a large file that is quick to make.
  const large = {
    ...plain,
    name: "large.jpg",
    buffer: Buffer.concat([plain.buffer, Buffer.alloc(9 * 2 ** 20)]),
  };
  await attach(page, [large, plain]);
  await settled(page, 2);
  expect(requests).toContain("POST /v1/media/uploads");
  await dialog.getByRole("textbox").fill("two by hand");
  await writeAlt(page, "picture 1", "one");
  await writeAlt(page, "picture 2", "two");
  await post(page);
  await expect(dialog).toBeHidden();
  const shown = postWith(page, "two by hand");
  await expectLoaded(shown, 2);
  await shown.getByRole("button", { name: "one" }).tap();
  await expect(page.getByRole("dialog", { name: "Image 1 of 2" })).toBeVisible();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.synthesizeScrollGesture", {
    x: 300,
    y: 400,
    xDistance: -280,
    yDistance: 0,
    speed: 1200,
  });
  await expect(page.getByRole("dialog", { name: "Image 2 of 2" })).toBeVisible();
  await page.getByRole("button", { name: "Close" }).tap();
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
