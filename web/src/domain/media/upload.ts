/**
 * Sends a file: small ones as a form in one request, large ones by tus in pieces, which go on where a lost connection left
 * them. Both tell how far they are; the outcome is the id of the upload, which is processed from then on.
 */
import { ApiError } from "@/api/problem";
import { session } from "@/api/session";
import type { OwnMedia, Problem } from "@/api/types";

/** From here on losing the connection would cost more than the extra requests do. */
const resumableFromBytes = 8 * 1024 * 1024;
const pieceBytes = 8 * 1024 * 1024;
const retryDelaysMs = [0, 1000, 3000, 5000, 10_000];

export interface Sending {
  mediaId: Promise<string>;
  /** Ends it; `mediaId` never settles then. */
  abort: () => void;
}

type OnProgress = (share: number) => void;

export function sendFile(file: File, onProgress: OnProgress): Sending {
  return file.size >= resumableFromBytes ? sendInPieces(file, onProgress) : sendAtOnce(file, onProgress);
}

/** By XMLHttpRequest, as `fetch` does not tell how much has been sent. */
function sendAtOnce(file: File, onProgress: OnProgress): Sending {
  const request = new XMLHttpRequest();
  let aborted = false;
  const mediaId = session.token().then(
    (token) =>
      new Promise<string>((resolve, reject) => {
        if (aborted) return;
        request.open("POST", "/v1/media");
        request.setRequestHeader("Authorization", `Bearer ${token}`);
        request.setRequestHeader("X-Rookery-Client", "web");
        request.upload.onprogress = (event) => onProgress(event.loaded / event.total);
        request.onload = () => {
          if (request.status === 202) resolve((JSON.parse(request.responseText) as OwnMedia).id);
          else reject(problemOf(request.status, request.responseText));
        };
        request.onerror = () => reject(new ApiError(0, { code: "unreachable" }));
        const form = new FormData();
        form.append("file", file);
        request.send(form);
      }),
  );
  return {
    mediaId,
    abort: () => {
      aborted = true;
      request.abort();
    },
  };
}

function sendInPieces(file: File, onProgress: OnProgress): Sending {
  let stop: (() => void) | null = null;
  let aborted = false;
  const mediaId = import("tus-js-client").then(
    ({ Upload, DetailedError }) =>
      new Promise<string>((resolve, reject) => {
        if (aborted) return;
        const upload = new Upload(file, {
          endpoint: "/v1/media/uploads",
          chunkSize: pieceBytes,
          retryDelays: retryDelaysMs,
          storeFingerprintForResuming: false,
          onBeforeRequest: async (request) =>
            request.setHeader("Authorization", `Bearer ${await session.token()}`),
          onProgress: (sent, total) => onProgress(sent / total),
          onSuccess: () => resolve(upload.url?.split("/").at(-1) ?? ""),
          onError: (error) => {
            const response = error instanceof DetailedError ? error.originalResponse : null;
            if (response) reject(problemOf(response.getStatus(), response.getBody()));
            else reject(new ApiError(0, { code: "unreachable" }));
          },
        });
        stop = () => void upload.abort(true).catch(() => undefined);
        upload.start();
      }),
  );
  return {
    mediaId,
    abort: () => {
      aborted = true;
      stop?.();
    },
  };
}

function problemOf(status: number, body: string): ApiError {
  try {
    return new ApiError(status, JSON.parse(body) as Partial<Problem>);
  } catch {
    return new ApiError(status, {});
  }
}
