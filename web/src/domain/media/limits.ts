/** What a post may hold, told before a byte is sent. The server looks at the content and has the last word. */
export type Kind = "image" | "gif" | "video";

export const imagesMost = 4;
const mebibyte = 1024 * 1024;
const mostBytes: Record<Kind, number> = { image: 16 * mebibyte, gif: 16 * mebibyte, video: 512 * mebibyte };

export const accepted =
  "image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,image/gif,video/mp4,video/quicktime,video/webm," +
  ".heic,.heif,.mov";
export const acceptedImages = "image/jpeg,image/png,image/webp,image/avif,image/heic,image/heif,.heic,.heif";

interface Named {
  name: string;
  type: string;
  size: number;
}

/** The kind that a file says it is; null for what is no picture or video. Browsers know no type for HEIC. */
export function kindOf({ name, type }: Named): Kind | null {
  if (type === "image/gif") return "gif";
  if (type.startsWith("image/") || /\.(heic|heif)$/i.test(name)) return "image";
  if (type.startsWith("video/") || /\.(mov|mp4|webm)$/i.test(name)) return "video";
  return null;
}

/** Why a file cannot go up at all, or null. */
function refusalOf(file: Named, kind: Kind | null): string | null {
  if (!kind) return `“${file.name}” cannot be added: choose a picture or a video.`;
  if (file.size === 0) return `“${file.name}” is empty.`;
  if (file.size <= mostBytes[kind]) return null;
  return `“${file.name}” is too large: at most ${mostBytes[kind] / mebibyte} MB.`;
}

export interface Admission<File> {
  taken: { file: File; kind: Kind }[];
  /** In words for people, one for each reason. */
  refused: string[];
}

/** Which of `files` still fit beside what is there: up to four images, or one GIF, or one video. */
export function admit<File extends Named>(present: readonly Kind[], files: readonly File[]): Admission<File> {
  const taken: Admission<File>["taken"] = [];
  const refused = new Set<string>();
  for (const file of files) {
    const kind = kindOf(file);
    const refusal = refusalOf(file, kind);
    if (refusal) refused.add(refusal);
    else if (kind) {
      const kinds = [...present, ...taken.map((each) => each.kind), kind];
      if (kinds.length === 1 || (kinds.length <= imagesMost && kinds.every((each) => each === "image")))
        taken.push({ file, kind });
      else refused.add("A post can have up to 4 images, or one GIF, or one video.");
    }
  }
  return { taken, refused: [...refused] };
}

/** A copy of `list` with the item at `from` moved to `to`; the list itself where there is no such place. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  if (from === to || to < 0 || to >= list.length || from < 0 || from >= list.length) return list;
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), list[from] as T, ...rest.slice(to)];
}
