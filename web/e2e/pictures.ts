import type { Page } from "@playwright/test";

export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A real picture, drawn by the browser: a sunset over water, its colours made from `hue`. */
export async function picture(
  page: Page,
  name: string,
  { width = 640, height = 480, hue = 20 } = {},
): Promise<TestFile> {
  const mimeType = name.endsWith(".png") ? "image/png" : "image/jpeg";
  const base64 = await page.evaluate(
    ({ width, height, hue, mimeType }) => {
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d") as CanvasRenderingContext2D;
      const sky = context.createLinearGradient(0, 0, 0, height);
      sky.addColorStop(0, `hsl(${hue + 220} 60% 25%)`);
      sky.addColorStop(0.6, `hsl(${hue} 80% 60%)`);
      sky.addColorStop(0.61, `hsl(${hue + 200} 50% 30%)`);
      sky.addColorStop(1, `hsl(${hue + 210} 60% 12%)`);
      context.fillStyle = sky;
      context.fillRect(0, 0, width, height);
      context.fillStyle = `hsl(${hue + 20} 100% 80%)`;
      context.beginPath();
      context.arc(width * 0.62, height * 0.48, height * 0.13, 0, 7);
      context.fill();
      return canvas.toDataURL(mimeType, 0.9).split(",")[1] ?? "";
    },
    { width, height, hue, mimeType },
  );
  return { name, mimeType, buffer: Buffer.from(base64, "base64") };
}

/** A real video of about a second (WebM), recorded from a canvas. */
export async function video(page: Page, name: string): Promise<TestFile> {
  const base64 = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = 320;
    canvas.height = 180;
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    let step = 0;
    const timer = setInterval(() => {
      context.fillStyle = `hsl(${step * 12} 70% 50%)`;
      context.fillRect(0, 0, 320, 180);
      context.fillStyle = "white";
      context.fillRect(step++ * 8, 80, 20, 20);
    }, 40);
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm" });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start();
    setTimeout(() => recorder.stop(), 1200);
    await stopped;
    clearInterval(timer);
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  });
  return { name, mimeType: "video/webm", buffer: Buffer.from(base64, "base64") };
}

/** Drops or pastes files as a hand would, with the browser's own DataTransfer. */
export async function bring(
  page: Page,
  selector: string,
  how: "drop" | "paste" | "dragenter",
  files: TestFile[],
): Promise<void> {
  const given = files.map(({ name, mimeType, buffer }) => ({
    name,
    mimeType,
    base64: buffer.toString("base64"),
  }));
  await page.locator(selector).evaluate(
    (target, { how, given }) => {
      const transfer = new DataTransfer();
      for (const { name, mimeType, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
        transfer.items.add(new File([bytes], name, { type: mimeType }));
      }
      const event =
        how === "paste"
          ? new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: transfer })
          : new DragEvent(how, { bubbles: true, cancelable: true, dataTransfer: transfer });
      target.dispatchEvent(event);
    },
    { how, given },
  );
}

/** A real GIF of four frames: a square that moves. */
export const gif: TestFile = {
  name: "square.gif",
  mimeType: "image/gif",
  buffer: Buffer.from(
    "R0lGODlhQAAkAIEAAB4ePPrIUAAAAAAAACH/C05FVFNDQVBFMi4wAwEAAAAh+QQADAAAACwAAAAAQAAkAAAIewABCBxIsKDB" +
      "gwgTKlzIsKHDhxAjSpxIsaLFixgzatzIsaPHjyBDihzpMIDJkyhTBiDJUKXLkywXvnwZU+FMlzUT3lSZE+HOlD0P/kQZ1OBQ" +
      "mEUJHjWZVOnSpgOXroQKQCrVqk+pWtWaFerWq2DDih1LtqzZs2jTqs0ZEAAh+QQBDAACACwEAAoAHAAQAIEeHjz6yFAAAAAA" +
      "AAAIVAABCBxIUKCAgwICKFzIUGHBhwAQJmxIEWJBiRQrWhyIMSPDjRwRevwIMqLIkQ5LdkRZ0uRBlClBrhzZcqbHmidZqsxJ" +
      "c+dLmDh/6pTJ86bPiSgDAgAh+QQBDAACACwQAAoAHAAQAIEeHjz6yFAAAAAAAAAIVAABCBxIUKCAgwICKFzIUGHBhwAQJmxI" +
      "EWJBiRQrWhyIMSPDjRwRevwIMqLIkQ5LdkRZ0uRBlClBrhzZcqbHmidZqsxJc+dLmDh/6pTJ86bPiSgDAgAh+QQBDAACACwc" +
      "AAoAHAAQAIEeHjz6yFAAAAAAAAAIVAABCBxIUKCAgwICKFzIUGHBhwAQJmxIEWJBiRQrWhyIMSPDjRwRevwIMqLIkQ5LdkRZ" +
      "0uRBlClBrhzZcqbHmidZqsxJc+dLmDh/6pTJ86bPiSgDAgA7",
    "base64",
  ),
};
