import type { Problem } from "./types";

/** A refusal by the server (RFC 9457), or `status` 0 when it could not be reached at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterS: number | null;

  constructor(status: number, problem: Partial<Problem>, retryAfterS: number | null = null) {
    super(problem.detail || problem.title || "Something went wrong. Please try again.");
    this.name = "ApiError";
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.retryAfterS = retryAfterS;
    this.fields = Object.fromEntries((problem.errors ?? []).map((error) => [error.field, error.message]));
  }
}

export function isApiError(error: unknown, ...statuses: number[]): error is ApiError {
  return error instanceof ApiError && (statuses.length === 0 || statuses.includes(error.status));
}

/** Text for people. Network failures get their own words; everything else uses the server's safe text. */
export function messageOf(error: unknown): string {
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
