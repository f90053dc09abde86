import { LostCode } from "@/lib/lazy";
import type { Problem } from "./types";

/** What the API says about one field, or about one place in it. */
export type Refusal = NonNullable<Problem["errors"]>[number];

/** How people call what the API's fields hold. */
const subjects: Record<string, string> = {
  username: "This username",
  email: "This e-mail address",
  password: "This password",
  new_password: "This password",
  current_password: "This",
  login: "The username or e-mail address",
  content: "The text",
  display_name: "The name",
};

/** A remark of the API about one field ("is taken") as a sentence ("This username is taken."). */
export function sentenceOf({ field, message }: Pick<Refusal, "field" | "message">): string {
  if (field === "token") return "This link no longer works. Ask for a new one.";
  const subject = subjects[field] ?? `The ${field.replaceAll(/[_.]/g, " ")}`;
  // Remarks that begin with a capital are sentences already.
  const sentence = /^[a-z]/.test(message) ? `${subject} ${message}` : message;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function textOf(problem: Partial<Problem>): string {
  if (problem.code === "invalid_credentials") return "Username, e-mail or password is wrong.";
  if (problem.errors?.length) return problem.errors.map(sentenceOf).join(" ");
  return problem.detail || problem.title || "Something went wrong. Please try again.";
}

/** A refusal by the server (RFC 9457), or `status` 0 when it could not be reached at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly refusals: readonly Refusal[];
  readonly retryAfterS: number | null;

  constructor(status: number, problem: Partial<Problem>, retryAfterS: number | null = null) {
    super(textOf(problem));
    this.name = "ApiError";
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.retryAfterS = retryAfterS;
    this.refusals = problem.errors ?? [];
    this.fields = Object.fromEntries((problem.errors ?? []).map((error) => [error.field, sentenceOf(error)]));
  }
}

export function isApiError(error: unknown, ...statuses: number[]): error is ApiError {
  return error instanceof ApiError && (statuses.length === 0 || statuses.includes(error.status));
}

const lostText = () =>
  navigator.onLine
    ? "This part of Rookery could not be loaded. Check your connection and try again."
    : "This cannot be loaded while you are offline. Try again when you are back online.";

/** Text for people. Network failures get their own words; everything else uses the server's safe text. */
export function messageOf(error: unknown): string {
  if (error instanceof LostCode) return lostText();
  if (isApiError(error, 0)) return "Rookery cannot be reached. Check your connection and try again.";
  if (isApiError(error, 429)) {
    const wait = error.retryAfterS;
    return wait ? `Too many requests. Try again in ${wait} s.` : "Too many requests. Try again in a moment.";
  }
  if (error instanceof ApiError) return error.message;
  return "Something went wrong. Please try again.";
}

export async function errorFrom(response: Response): Promise<ApiError> {
  const retryAfterS = Number(response.headers.get("Retry-After")) || null;
  let problem: Partial<Problem> = {};
  try {
    problem = (await response.clone().json()) as Partial<Problem>;
  } catch {
    // Not a problem document (a proxy's page, an empty body): the status has to do.
  }
  return new ApiError(response.status, problem, retryAfterS);
}
