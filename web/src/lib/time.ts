const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;

const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
const short = new Intl.DateTimeFormat(undefined, {
  hour: "numeric",
  minute: "2-digit",
  day: "numeric",
  month: "short",
  year: "numeric",
});
const dayMonth = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const dayMonthYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });
const monthYear = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" });

/** "now", "42s", "5m", "3h", "2d", then a date. `now` is in milliseconds. */
export function relativeTime(iso: string, now: number): string {
  const then = new Date(iso);
  const age = Math.max(0, Math.round((now - then.getTime()) / 1000));
  if (age < 5) return "now";
  if (age < minute) return `${age}s`;
  if (age < hour) return `${Math.floor(age / minute)}m`;
  if (age < day) return `${Math.floor(age / hour)}h`;
  if (age < week) return `${Math.floor(age / day)}d`;
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayMonth : dayMonthYear).format(then);
}

export const fullTime = (iso: string) => absolute.format(new Date(iso));
export const shortTime = (iso: string) => short.format(new Date(iso));
export const joinedMonth = (iso: string) => monthYear.format(new Date(iso));

/** How long something runs, as players show it: "0:07", "12:30". */
export function runningTime(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
