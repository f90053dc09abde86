/** A rectangle of a picture, as fractions of its width and height. */
export interface CropArea {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The largest rectangle of this ratio (width by height) in the middle of a picture; all of it without one. */
export function middleOf(width: number, height: number, ratio: number | null): CropArea {
  if (!ratio) return { x: 0, y: 0, width: 1, height: 1 };
  const wide = Math.min(1, (height * ratio) / width);
  const high = Math.min(1, width / ratio / height);
  return { x: (1 - wide) / 2, y: (1 - high) / 2, width: wide, height: high };
}

/** The same rectangle in whole pixels, at least one by one and within the picture. */
export function inPixels(area: CropArea, width: number, height: number): CropArea {
  const x = Math.min(width - 1, Math.max(0, Math.round(area.x * width)));
  const y = Math.min(height - 1, Math.max(0, Math.round(area.y * height)));
  return {
    x,
    y,
    width: Math.max(1, Math.min(width - x, Math.round(area.width * width))),
    height: Math.max(1, Math.min(height - y, Math.round(area.height * height))),
  };
}

const quality = 0.92;

/** A new file with what is inside the rectangle. Where transparency may be, it stays. Rejects what cannot be drawn. */
export async function cropFile(file: File, area: CropArea): Promise<File> {
  const bitmap = await createImageBitmap(file);
  const { x, y, width, height } = inPixels(area, bitmap.width, bitmap.height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
  bitmap.close();
  const type = file.type === "image/png" || file.type === "image/webp" ? file.type : "image/jpeg";
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
  if (!blob) throw new Error("the browser could not draw this picture");
  return new File([blob], file.name, { type: blob.type });
}
