import { attach, expectLoaded, openComposer, post, settled, tiles } from "./attaching";
import { findings } from "./axe";
import { expect, test } from "./colony";
import { picture } from "./pictures";

// To record a picture that cannot be decoded, the tracer fetches its blob: address, which our
// Content-Security-Policy rightly refuses and the test would report.
test.use({ trace: "off" });

test("what is no picture is refused in words, may be removed, and the draft waits", async ({ colony }) => {
  const ana = await colony.join("ana");
  const { page } = ana;
  await page.goto("/settings/appearance");
  await page.getByRole("switch", { name: "Remind me to describe them" }).click();
  const dialog = await openComposer(ana);
  const text = { name: "notes.png", mimeType: "image/png", buffer: Buffer.from("only words ".repeat(300)) };
  await attach(page, text);
  await expect(tiles(page).getByRole("alert")).toContainText("not a picture or video");
  await expect(tiles(page).getByRole("button", { name: "Try again" })).toBeVisible();
  await dialog.getByRole("textbox").fill("a sea");
  await expect(dialog.getByRole("button", { name: "Post", exact: true })).toBeDisabled();
  expect(await findings(page), "refused file").toEqual([]);
  await dialog.getByRole("button", { name: "Remove picture" }).click();

  await attach(page, { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("words") });
  await expect(dialog.getByRole("alert")).toHaveText(
    "“notes.txt” cannot be added: choose a picture or a video.",
  );

  await page.route("**/v1/media", (route) => route.abort(), { times: 1 });
  await attach(page, await picture(page, "sea.jpg"));
  await expect(tiles(page).getByRole("alert")).toContainText("cannot be reached");
  await tiles(page).getByRole("button", { name: "Try again" }).click();
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
  await page.goto(`/@${ana.username}`);
  await expectLoaded(page.getByRole("article"), 1);
});
