/**
 * The idempotency key belongs to what is sent: pressing the button again after a lost answer cannot post twice, a changed text
 * is a new post.
 */
import { session } from "@/api/session";
import { randomId } from "@/lib/ids";
import type { Outgoing } from "./outbox";

type Sent = Pick<Outgoing, "content" | "media">;

interface Attempt {
  sent: string;
  key: string;
}

/** By draft: the field on the page and the one in the dialog send the same. */
const attempts = new Map<string, Attempt>();
session.onEnd(() => attempts.clear());

const digest = ({ content, media }: Sent) => JSON.stringify([content, media.map(({ id }) => id)]);

/** The key for this attempt to send a draft. */
export function attemptKey(draftKey: string, outgoing: Sent): string {
  const sent = digest(outgoing);
  const before = attempts.get(draftKey);
  if (before?.sent === sent) return before.key;
  const key = randomId();
  attempts.set(draftKey, { sent, key });
  return key;
}

/** What goes back into its draft was perhaps posted: unchanged, it keeps its key. */
export function rememberAttempt(draftKey: string, outgoing: Outgoing): void {
  attempts.set(draftKey, { sent: digest(outgoing), key: outgoing.key });
}

export function forgetAttempt(draftKey: string): void {
  attempts.delete(draftKey);
}
