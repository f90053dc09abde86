import createClient from "openapi-fetch";
import { ApiError, errorFrom } from "./problem";
import type { paths } from "./schema";
import { session } from "./session";
import type { Complete } from "./types";

/** The typed client. `fetch` adds the token and repeats once after a refresh. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: session.fetch });

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer; otherwise throws ApiError. */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<Complete<T>> {
  const { data, response, error } = await answer;
  if (response.ok) return data as Complete<T>;
  if (error && typeof error === "object") {
    const retryAfterS = Number(response.headers.get("Retry-After")) || null;
    throw new ApiError(response.status, error, retryAfterS);
  }
  throw await errorFrom(response);
}
