import type { UserBrief } from "@/api/types";
import { plural } from "@/lib/numbers";

export const nameOf = (user: Pick<UserBrief, "display_name" | "username">) =>
  user.display_name || user.username;

const atName = (user: UserBrief) => `@${user.username}`;

/** "Ana", "Ana and Ben", "Ana and 3 others you follow"; the first of `via` speaks for the rest. */
export function viaText({ via, via_count }: { via: UserBrief[]; via_count: number }): string | null {
  const [first, second] = via;
  if (!first)
    return via_count > 0 ? `${via_count} ${plural(via_count, "person", "people")} you follow` : null;
  const others = via_count - 1;
  if (others <= 0) return nameOf(first);
  if (others === 1 && second) {
    const name = nameOf(first) === nameOf(second) ? atName : nameOf;
    return `${name(first)} and ${name(second)}`;
  }
  return `${nameOf(first)} and ${others} ${plural(others, "other")} you follow`;
}
