/**
 * The pictures and videos of a draft. They go up as soon as they are chosen, and stay with the draft: what has arrived is
 * found again after a reload, for as long as the server keeps what no post shows (a day).
 */
import { api, unwrap } from "@/api/client";
import { isApiError, messageOf } from "@/api/problem";
import { session } from "@/api/session";
import type { OwnMedia } from "@/api/types";
import {
  type Describable,
  type Describing,
  type Description,
  languagesOf,
  previewOf,
} from "@/domain/media/describing";
import { focusOf } from "@/domain/media/focus";
import { admit, type Kind, moved } from "@/domain/media/limits";
import { putCaptions, removeCaptions } from "@/domain/media/own-captions";
import { followProcessing } from "@/domain/media/processed";
import { updateMedia } from "@/domain/media/update";
import { sendFile } from "@/domain/media/upload";
import { randomId } from "@/lib/ids";
import { storage } from "@/lib/storage";
import { createStore } from "@/lib/store";
import type { OutgoingMedia } from "./outbox";

export interface Attachment extends Describable {
  /** As it was chosen, so that it can be cropped anew. */
  original: File | null;
  state: "sending" | "processing" | "ready" | "failed";
  /** Of what the state says, 0 to 1. */
  progress: number;
  /** Why it failed, in words for people. */
  error: string | null;
}

interface Work {
  stop: () => void;
  accepted: Promise<string>;
}

export class Attachments implements Describing {
  readonly list = createStore<readonly Attachment[]>([]);
  readonly sensitive = createStore(false);
  private readonly work = new Map<string, Work>();

  constructor(private readonly storageKey: string) {
    void this.restore(remembered(storageKey));
  }

  /** Takes what fits and begins to send it; returns why the rest was left. */
  add(files: readonly File[]): string[] {
    const kinds = this.list.get().map(({ kind }) => kind);
    const { taken, refused } = admit(kinds, files);
    for (const { file, kind } of taken) {
      const attachment = begun(file, kind);
      this.list.set([...this.list.get(), attachment]);
      this.send(attachment.key, file);
    }
    return refused;
  }

  remove(key: string): void {
    const gone = this.find(key);
    this.drop(key);
    this.list.set(this.list.get().filter((each) => each.key !== key));
    if (gone) forgetPreview(gone);
    this.remember();
  }

  retry(key: string): void {
    const file = this.find(key)?.file;
    if (file) this.send(key, file);
  }

  /** Sends another file (a crop) in the place of the one that was there. */
  replace(key: string, file: File): void {
    const before = this.find(key);
    if (!before) return;
    this.drop(key);
    forgetPreview(before);
    this.patch(key, { file, preview: URL.createObjectURL(file), focus: null });
    this.send(key, file);
  }

  move(from: number, to: number): void {
    this.list.set(moved(this.list.get(), from, to));
    this.remember();
  }

  async describe(key: string, change: Partial<Description>): Promise<void> {
    this.patch(key, change);
    const { mediaId } = this.find(key) ?? {};
    // Again before posting: a failure here is no loss.
    if (mediaId) void updateMedia(mediaId, change).catch(() => undefined);
  }

  async caption(key: string, language: string, file: File): Promise<void> {
    const { mediaId } = this.find(key) ?? {};
    if (mediaId) this.patch(key, { captions: languagesOf(await putCaptions(mediaId, language, file)) });
  }

  async removeCaptions(key: string, language: string): Promise<void> {
    const { mediaId } = this.find(key) ?? {};
    if (!mediaId) return;
    await removeCaptions(mediaId, language);
    const left = this.find(key)?.captions.filter((each) => each !== language) ?? [];
    this.patch(key, { captions: left });
  }

  /**
   * What goes with the post, in order, once the server has accepted all. Rejects with the refusal of the first that it did not
   * accept.
   */
  async settled(): Promise<OutgoingMedia[]> {
    const ids: string[] = [];
    for (const { key, mediaId } of this.list.get()) ids.push(mediaId ?? (await this.accepted(key)));
    const sensitive = this.sensitive.get();
    return this.list
      .get()
      .map(({ alt, focus }, index) => ({ id: ids[index] as string, alt, focus, sensitive }));
  }

  /** Attaches what was on its way with a post. Rejects with ApiError when the server cannot be asked for it. */
  async takeBack(media: readonly OutgoingMedia[]): Promise<void> {
    if (media.length === 0) return;
    const found = await ownMedia(media.map(({ id }) => id));
    const described = new Map(media.map(({ id, alt, focus }) => [id, { alt, focus }]));
    this.attach(found.map((each) => ({ ...restored(each), ...described.get(each.id) })));
    if (media.some(({ sensitive }) => sensitive)) this.sensitive.set(true);
  }

  /** Forgets all, once a post shows them. */
  clear(): void {
    for (const { stop } of this.work.values()) stop();
    this.work.clear();
    this.list.get().forEach(forgetPreview);
    this.list.set([]);
    this.sensitive.set(false);
    storage.remove(this.storageKey);
  }

  private find(key: string): Attachment | undefined {
    return this.list.get().find((each) => each.key === key);
  }

  private patch(key: string, change: Partial<Attachment>): void {
    this.list.set(this.list.get().map((each) => (each.key === key ? { ...each, ...change } : each)));
  }

  private accepted(key: string): Promise<string> {
    return this.work.get(key)?.accepted ?? Promise.reject(new Error("nothing is being sent"));
  }

  private send(key: string, file: File): void {
    this.patch(key, { state: "sending", progress: 0, error: null, mediaId: null });
    const sending = sendFile(file, (progress) => this.patch(key, { progress }));
    const following = new AbortController();
    this.work.set(key, {
      accepted: sending.mediaId,
      stop: () => {
        sending.abort();
        following.abort();
      },
    });
    sending.mediaId.then(
      (mediaId) => this.follow(key, mediaId, following.signal),
      (error: unknown) => this.fail(key, uploadMessage(error)),
    );
  }

  private follow(key: string, mediaId: string, signal: AbortSignal): void {
    if (signal.aborted) return void discard(mediaId);
    this.patch(key, { mediaId, state: "processing", progress: 0 });
    this.remember();
    followProcessing(mediaId, signal, (media) => this.heard(key, media)).catch((error: unknown) => {
      // Gone for good only where the server says so; otherwise it may be posted as it is.
      if (!signal.aborted && isApiError(error, 404)) this.fail(key, "This upload has expired. Add it again.");
    });
  }

  private heard(key: string, media: OwnMedia): void {
    const known = this.find(key);
    if (!known) return;
    if (media.state === "failed") {
      this.fail(key, media.failure?.detail ?? "This file could not be processed.");
      return;
    }
    const preview = known.preview ?? previewOf(media);
    const state = media.state === "ready" ? "ready" : "processing";
    this.patch(key, { state, progress: media.progress, preview });
  }

  private fail(key: string, error: string): void {
    this.patch(key, { state: "failed", error });
    this.remember();
  }

  /** Ends what is under way for one attachment and gives its upload up. */
  private drop(key: string): void {
    this.work.get(key)?.stop();
    this.work.delete(key);
    const { mediaId } = this.find(key) ?? {};
    if (mediaId) void discard(mediaId);
  }

  private async restore(ids: string[]): Promise<void> {
    this.attach((await ownMedia(ids).catch(() => [])).map(restored));
  }

  private attach(attachments: ReturnType<typeof restored>[]): void {
    this.list.set([...attachments, ...this.list.get()]);
    for (const { key, mediaId } of attachments) {
      const following = new AbortController();
      this.work.set(key, { accepted: Promise.resolve(mediaId), stop: () => following.abort() });
      this.follow(key, mediaId, following.signal);
    }
  }

  private remember(): void {
    const ids = this.list
      .get()
      .flatMap(({ mediaId, state }) => (mediaId && state !== "failed" ? mediaId : []));
    if (ids.length > 0) storage.set(this.storageKey, ids.join(" "));
    else storage.remove(this.storageKey);
  }
}

const remembered = (key: string) => storage.get(key)?.split(" ").filter(Boolean) ?? [];

/** Those uploads that are still there and in no post. Rejects with ApiError when the server does not say. */
async function ownMedia(ids: readonly string[]): Promise<OwnMedia[]> {
  const get = async (id: string) => {
    try {
      return await unwrap(api.GET("/v1/media/{media_id}", { params: { path: { media_id: id } } }));
    } catch (error) {
      if (isApiError(error, 404)) return null;
      throw error;
    }
  };
  const found = await Promise.all(ids.map(get));
  return found.filter((media): media is OwnMedia => !!media && !media.post_id && media.state !== "failed");
}

function begun(file: File, kind: Kind): Attachment {
  const preview = URL.createObjectURL(file);
  const start = { mediaId: null, state: "sending", progress: 0, alt: "", error: null } as const;
  const bare = { focus: null, captions: [] };
  return { key: randomId(), kind, file, original: file, preview, ...start, ...bare };
}

function restored(media: OwnMedia) {
  const { id: mediaId, kind, alt, progress } = media;
  const focus = focusOf(media.focus);
  const captions = languagesOf(media.captions);
  const state = media.state === "ready" ? ("ready" as const) : ("processing" as const);
  const lost = { file: null, original: null, error: null };
  return {
    key: randomId(),
    kind,
    mediaId,
    alt,
    focus,
    captions,
    progress,
    state,
    preview: previewOf(media),
    ...lost,
  };
}

function forgetPreview({ preview }: Attachment): void {
  if (preview?.startsWith("blob:")) URL.revokeObjectURL(preview);
}

/** Best effort: what no post shows is deleted after a day anyway. */
async function discard(mediaId: string): Promise<void> {
  await api
    .DELETE("/v1/media/{media_id}", { params: { path: { media_id: mediaId } } })
    .catch(() => undefined);
}

const messages: Record<string, string> = {
  unsupported_media: "This file is not a picture or video. Choose another one.",
  too_large: "This file is too large.",
  quota_exceeded: "Your storage is full. Delete posts with pictures or videos to make room.",
};

export function uploadMessage(error: unknown): string {
  return (isApiError(error) && messages[error.code]) || messageOf(error);
}

/** One per draft, so that the field on the page and the one in the dialog are the same draft. */
const known = new Map<string, Attachments>();
session.onEnd(() => {
  for (const attachments of known.values()) attachments.clear();
  known.clear();
});

export function attachmentsOf(draftKey: string): Attachments {
  const found = known.get(draftKey);
  if (found) return found;
  const attachments = new Attachments(`${draftKey}.media`);
  known.set(draftKey, attachments);
  return attachments;
}
