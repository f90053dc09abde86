import type { Locator, Page } from "@playwright/test";
import { attach, choose, expectLoaded, openComposer, post, settled, tiles, writeAlt } from "./attaching";
import { findings } from "./axe";
import { expect, postWith, test } from "./colony";
import { bring, gif, picture, video } from "./pictures";

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

  await tiles(page).nth(1).dragTo(tiles(page).nth(2));
  await expect(dialog.getByText("Now number 3 of 3")).toBeAttached();
  await writeAlt(page, "picture 1", "A sunset over the sea");
  await writeAlt(page, "picture 2", "A violet one, wide");
  await writeAlt(page, "picture 3", "A green one, upright");
  await dialog.getByRole("button", { name: "Move picture 3 left" }).focus();
  await page.keyboard.press("Enter");
  await expect(dialog.getByText("Now number 2 of 3")).toBeAttached();
  await expect(dialog.getByRole("button", { name: "Move picture 2 left" })).toBeFocused();
  await dialog.getByRole("button", { name: "Move picture 2 right" }).press("Enter");
  await expect(dialog.getByRole("button", { name: "Move picture 3 left" })).toBeFocused();

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
  await expect(images.nth(1)).toHaveAttribute("width", "900");
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
  await expect(box(2).getByRole("img", { name: "A violet one, wide" })).toBeInViewport();
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

  await shown.getByRole("button", { name: "A green one, upright" }).click();
  await expect(box(3).getByRole("img", { name: "A green one, upright" })).toBeInViewport();
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/\/$/);
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

test("a GIF stands still for who wants stillness, and runs when asked to", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  const dialog = await openComposer(ana);
  await attach(page, gif);
  await settled(page, 1);
  await writeAlt(page, "GIF", "A square moves to the right");
  await post(page);
  await expect(dialog).toBeHidden();
  const moving = page.getByRole("article").locator("video");
  const stands = () => moving.evaluate((element) => (element as HTMLVideoElement).paused);
  await expect(moving).toHaveAttribute("aria-label", "A square moves to the right");
  expect(await stands()).toBe(true);
  await page.getByRole("button", { name: "Play GIF" }).click();
  await expect.poll(stands).toBe(false);
  await page.getByRole("button", { name: "Pause GIF" }).click();
  await expect.poll(stands).toBe(true);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.reload();
  await expect.poll(stands).toBe(false);
  expect(await findings(page), "GIF").toEqual([]);
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

/** Lets pieces of a large upload pass up to this one, which waits for the function that comes back. */
async function holdPiece(page: Page, number: number): Promise<() => void> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let pieces = 0;
  await page.route("**/v1/media/uploads/*", async (route) => {
    if (route.request().method() === "PATCH" && ++pieces === number) await held;
    await route.continue();
  });
  return release;
}

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
  const release = await holdPiece(page, 2);
  await attach(page, [large, plain]);
  const progress = dialog.getByRole("progressbar", { name: "Uploading picture 1" });
  await expect(progress).toHaveAttribute("aria-valuenow", /^[89]\d$/);
  release();
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

const vtt = (text: string) => ({ name: "said.vtt", mimeType: "text/vtt", buffer: Buffer.from(text) });
const tracksOf = (player: Locator) =>
  player.evaluate((element) =>
    Array.from((element as HTMLVideoElement).textTracks).map(({ label, mode, cues }) => ({
      label,
      mode,
      said: Array.from(cues ?? []).map((cue) => (cue as VTTCue).text),
    })),
  );

test("captions are added by language, refused by line, and switched by keyboard", async ({ colony }) => {
  test.setTimeout(120_000);
  const ana = await colony.join("ana", { locale: "de-DE" });
  const { page } = ana;
  const dialog = await openComposer(ana);
  await dialog.getByRole("textbox").fill("it speaks");
  await attach(page, await video(page, "clip.webm"));
  await settled(page, 1);
  await dialog.getByRole("button", { name: "Describe video" }).click();
  const about = page.getByRole("dialog", { name: "Description" });
  const add = about.getByRole("button", { name: "Add captions" });
  await expect(about.getByLabel("Language")).toHaveValue("de");

  await choose(page, add, vtt("WEBVTT\n\n00:00.000 --> soon\nHallo\n"));
  await expect(about.getByRole("alert")).toContainText("Line 3: expected times");
  expect(await findings(page), "refused captions").toEqual([]);
  await choose(page, add, vtt("WEBVTT\n\n00:00.000 --> 00:09.000\n<b>Hallo</b> <script>x</script>\n"));
  await expect(about.getByRole("alert")).toBeHidden();
  await expect(about.getByRole("listitem")).toHaveText(/Deutsch/);
  await about.getByLabel("Language").selectOption("en");
  await choose(page, add, vtt("1\n00:00:00,000 --> 00:00:09,000\nHello\n"));
  await expect(about.getByRole("listitem")).toHaveCount(2);
  await about.getByLabel("Language").selectOption("fr");
  await choose(page, add, vtt("WEBVTT\n\n00:00.000 --> 00:09.000\nSalut\n"));
  await about.getByRole("button", { name: "Remove Français" }).click();
  await expect(about.getByRole("listitem")).toHaveCount(2);
  const again = vtt("WEBVTT\n\n00:00.000 --> 00:09.000\nHello there\n");
  await choose(page, about.getByRole("button", { name: "Replace English" }), again);
  await expect(about.getByText("Captions in English are in place.")).toBeAttached();
  expect(await findings(page), "captions").toEqual([]);
  await about.getByRole("button", { name: "Save" }).click();
  await post(page);
  await expect(dialog).toBeHidden();

  const shown = postWith(page, "it speaks");
  const player = shown.locator("video");
  const menu = shown.getByRole("button", { name: /^Captions: / });
  await expect(menu).toHaveAccessibleName("Captions: off");
  await menu.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitemradio")).toHaveText(["Off", "Deutsch", "English"]);
  expect(await findings(page), "captions menu").toEqual([]);
  await expect(page.getByRole("menuitemradio", { name: "Off" })).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByRole("menuitemradio", { name: "English" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(menu).toHaveAccessibleName("Captions: English");
  await expect(menu).toBeFocused();
  await player.evaluate((element) => (element as HTMLVideoElement).play());
  await expect
    .poll(() => tracksOf(player))
    .toEqual([
      { label: "Deutsch", mode: "disabled", said: [] },
      { label: "English", mode: "showing", said: ["Hello there"] },
    ]);

  await page.evaluate(() => localStorage.removeItem("rookery.captions"));
  await page.reload();
  await player.evaluate((element) => {
    (element as HTMLVideoElement).muted = true;
  });
  await expect(menu).toHaveAccessibleName("Captions: Deutsch");
  await expect
    .poll(async () => (await tracksOf(player))[0])
    .toEqual({ label: "Deutsch", mode: "showing", said: ["<b>Hallo</b> x"] });
});

test("a focal point is set by hand or by arrows, and pictures are cropped around it", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  const dialog = await openComposer(ana);
  await dialog.getByRole("textbox").fill("look there");
  await attach(page, [
    await picture(page, "first.jpg"),
    await picture(page, "second.jpg", { width: 900, height: 300, hue: 200 }),
  ]);
  await settled(page, 2);
  await dialog.getByRole("button", { name: "Describe picture 1" }).click();
  const about = page.getByRole("dialog", { name: "Description" });
  const across = about.getByRole("slider", { name: "Focal point, horizontal" });
  const down = about.getByRole("slider", { name: "Focal point, vertical" });
  const ring = about.locator("[data-focus-ring]");
  const box = await ring.locator("..").boundingBox();
  if (!box) throw new Error("no picture to press on");
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.25, { steps: 4 });
  await page.mouse.up();
  await expect(across).toHaveAttribute("aria-valuetext", "80% from the left");
  await expect(down).toHaveAttribute("aria-valuetext", "25% from the top");
  await across.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowUp");
  await expect(down).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(across).toHaveValue("82");
  await expect(down).toHaveValue("21");
  await expect(ring).toHaveAttribute("style", "left: 82%; top: 21%;");
  expect(await findings(page), "focal point").toEqual([]);
  await about.getByRole("textbox").fill("The sun");
  await about.getByRole("button", { name: "Save" }).click();
  await post(page);
  await expect(dialog).toBeHidden();

  const shown = postWith(page, "look there");
  await expectLoaded(shown, 2);
  const images = shown.locator("[data-media] img");
  await expect(images.nth(0)).toHaveCSS("object-position", "82% 21%");
  await expect(images.nth(1)).toHaveCSS("object-position", "50% 50%");
});

test("what was posted is described afterwards, by keyboard, and shows everywhere at once", async ({
  colony,
}) => {
  test.setTimeout(120_000);
  const ana = await colony.join("ana");
  const { page } = ana;
  const dialog = await openComposer(ana);
  await dialog.getByRole("textbox").fill("two without words");
  await attach(page, [await picture(page, "first.jpg"), await picture(page, "second.jpg", { hue: 200 })]);
  await settled(page, 2);
  await post(page);
  await expect(dialog).toBeHidden();
  const shown = postWith(page, "two without words");
  await expectLoaded(shown, 2);
  const images = shown.locator("[data-media] img");

  const about = page.getByRole("dialog", { name: "Description" });
  const text = about.getByRole("textbox");
  await shown.getByRole("button", { name: "Image 2 of 2, without a description" }).press("Enter");
  expect(await findings(page), "lightbox without a description").toEqual([]);
  await page.getByRole("button", { name: "Add description" }).press("Enter");
  await expect(about).toHaveAccessibleName("Description 2 of 2");
  await expect(text).toBeFocused();
  await page.keyboard.press("Escape");
  const add = shown.getByRole("button", { name: "Describe picture 2" });
  await expect(add).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(about).toHaveAccessibleName("Description 2 of 2");
  await expect(text).toBeFocused();
  await page.keyboard.type("Not this");
  await page.keyboard.press("Escape");
  const ask = page.getByRole("alertdialog", { name: "Discard changes?" });
  expect(await findings(page), "unsaved changes").toEqual([]);
  await ask.getByRole("button", { name: "Keep editing" }).press("Enter");
  await expect(text).toBeFocused();
  await expect(text).toHaveValue("Not this");
  await page.keyboard.press("Escape");
  await ask.getByRole("button", { name: "Discard" }).press("Enter");
  await expect(about).toBeHidden();
  await expect(add).toBeFocused();

  await page.keyboard.press("Enter");
  await text.fill("A green one");
  await about.getByRole("button", { name: "picture 1, without a description" }).click();
  await expect(about).toHaveAccessibleName("Description 1 of 2");
  await text.fill("A sunset");
  await about.getByRole("slider", { name: "Focal point, horizontal" }).press("ArrowRight");
  expect(await findings(page), "two descriptions").toEqual([]);
  await text.press("Control+Enter");
  await expect(about).toBeHidden();
  await expect(images.nth(0)).toHaveAttribute("alt", "A sunset");
  await expect(images.nth(0)).toHaveCSS("object-position", "52% 50%");
  await expect(images.nth(1)).toHaveAttribute("alt", "A green one");
  await expect(shown.getByRole("button", { name: "Read the description" }).nth(1)).toBeFocused();

  await shown.getByRole("button", { name: "Read the description" }).first().press("Enter");
  await page.getByRole("button", { name: "Edit" }).press("Enter");
  await expect(about).toHaveAccessibleName("Description 1 of 2");
  await expect(text).toHaveValue("A sunset");
  await page.keyboard.press("Escape");
  await expect(about).toBeHidden();
  await expect(shown.getByRole("button", { name: "Read the description" }).first()).toBeFocused();

  await page.getByRole("link", { name: "Profile", exact: true }).click();
  await expect(page).toHaveURL(/\/@ana_/);
  const profile = page.url();
  await page.getByRole("main").getByRole("link", { name: "Media", exact: true }).click();
  const grid = page.getByRole("region", { name: /^Pictures and videos of @ana/ });
  await expect(grid.getByRole("listitem")).toHaveCount(1);
  expect(await findings(page), "media tab").toEqual([]);
  await grid.getByRole("link", { name: "2 pictures: A sunset" }).press("Enter");
  await expect(page).toHaveURL(/\/posts\/\d+$/);
  await expect(images.nth(1)).toHaveAttribute("alt", "A green one");
  const ben = await colony.join("ben");
  await ben.page.goto(profile);
  await expect(postWith(ben.page, "two without words").getByRole("img", { name: "A sunset" })).toBeVisible();
  await postWith(ben.page, "two without words").getByRole("button", { name: "More" }).click();
  await expect(ben.page.getByRole("menuitem", { name: "Copy link" })).toBeVisible();
  await expect(ben.page.getByRole("menuitem", { name: "Edit descriptions" })).toHaveCount(0);
});

test("a posted video gets its description and captions from its menu; what is refused stays open", async ({
  colony,
}) => {
  test.setTimeout(120_000);
  const ana = await colony.join("ana", { locale: "de-DE" });
  const { page } = ana;
  const dialog = await openComposer(ana);
  await dialog.getByRole("textbox").fill("it is silent");
  await attach(page, await video(page, "clip.webm"));
  await settled(page, 1);
  await post(page);
  const shown = postWith(page, "it is silent");
  const player = shown.locator("video");
  await expect(player).toHaveAttribute("aria-label", "Video without a description");

  const menu = shown.getByRole("button", { name: "More" });
  const edit = page.getByRole("menuitem", { name: "Edit descriptions" });
  const about = page.getByRole("dialog", { name: "Description" });
  await menu.press("Enter");
  await edit.press("Enter");
  await choose(
    page,
    about.getByRole("button", { name: "Add captions" }),
    vtt("WEBVTT\n\n00:00.000 --> 00:09.000\nHallo\n"),
  );
  await expect(about.getByRole("listitem")).toHaveText(/Deutsch/);
  await about.getByRole("textbox").fill("A square runs");
  const alt = { field: "alt", code: "invalid", message: "is refused for a test" };
  const problem = { title: "Invalid", status: 400, code: "invalid", errors: [alt] };
  const refusals = [
    {
      status: 503,
      json: { title: "Unavailable", status: 503, code: "unavailable", detail: "Come back later." },
    },
    { status: 400, json: problem },
  ];
  await page.route("**/v1/media/*", async (route) => {
    const refusal = route.request().method() === "PATCH" ? refusals.shift() : undefined;
    await (refusal ? route.fulfill(refusal) : route.continue());
  });
  const save = about.getByRole("button", { name: "Save" });
  await save.click();
  await expect(about.getByRole("alert")).toHaveText("Come back later.");
  await save.click();
  await expect(about.getByRole("textbox")).toHaveAccessibleDescription(/^The alt is refused for a test\./);
  expect(await findings(page), "refused description").toEqual([]);
  await save.click();
  await expect(about).toBeHidden();
  await expect(menu).toBeFocused();
  await expect(player).toHaveAttribute("aria-label", "A square runs");
  await expect(shown.getByRole("button", { name: /^Captions: / })).toBeVisible();

  await page.reload();
  await expect(player).toHaveAttribute("aria-label", "A square runs");
  await menu.press("Enter");
  await edit.press("Enter");
  await about.getByRole("button", { name: "Remove Deutsch" }).click();
  await expect(about.getByRole("listitem")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(about).toBeHidden();
  await expect(shown.getByRole("button", { name: /^Captions: / })).toHaveCount(0);
});
