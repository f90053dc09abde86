/** Signals and weights of the ranking in the words that people read. */
import type { RankedItem, SignalName, Why } from "@/api/types";
import { nameOf, viaText } from "@/domain/users/via-text";
import { plural } from "@/lib/numbers";

/** What each signal says about a post that it lifted or lowered. */
export const signalWords: Record<SignalName, { label: string; text: string }> = {
  recency: { label: "Recency", text: "It is recent." },
  affinity: {
    label: "Your closeness to the author",
    text: "How often you like, repost and answer what they write.",
  },
  velocity: {
    label: "Attention it gets",
    text: "It is liked, reposted and answered more than is usual for its author.",
  },
  author_replies: {
    label: "The author talks back",
    text: "The author answers people who reply to it.",
  },
  media: { label: "Pictures and video", text: "It does not only tell, it shows." },
  language: { label: "Language", text: "It is in a language whose posts you hardly ever like or answer." },
  network: {
    label: "People around you",
    text: "People you follow have liked or reposted it.",
  },
  trending: { label: "Popular hashtag", text: "It is popular in a hashtag that you take part in." },
  less: {
    label: "Your wish to see less",
    text: "You asked to see less like this: of its author or its hashtags.",
  },
  seen: { label: "Seen before", text: "It has been on your screen already." },
  diversity: {
    label: "Variety",
    text: "More by the same author stands above it.",
  },
};

const vouched = (why: Why) => `Liked or reposted by ${viaText(why) ?? "people you follow"}`;

/** What lifted a followed author's post beside its age, which needs no explanation. */
const followingReasons: Partial<Record<SignalName, (author: string, why: Why) => string>> = {
  affinity: (author) => `Because you often interact with ${author}`,
  velocity: (author) => `Getting more attention than usual for ${author}`,
  author_replies: (author) => `${author} is answering replies`,
  media: () => "With pictures or video",
  network: (_, why) => vouched(why),
};

function followingReason(author: string, why: Why): string {
  const telling = why.signals.find(({ name, share }) => share > 0 && followingReasons[name]);
  return (telling && followingReasons[telling.name]?.(author, why)) ?? `You follow ${author}`;
}

/** The quiet line above a ranked post: the strongest reason for it. */
export function reasonOf({ author, why }: Pick<RankedItem, "author" | "why">): string {
  if (why.source === "following") return followingReason(nameOf(author), why);
  if (why.source === "network") return vouched(why);
  return why.hashtag ? `Popular in #${why.hashtag}` : "Popular on Rookery";
}

/** Where a post came from, in a sentence or two. */
export function sourceText({ author, why }: Pick<RankedItem, "author" | "why">): string {
  const name = nameOf(author);
  const via = viaText(why);
  if (why.source === "following")
    return `You follow ${name}.${via ? ` ${via} liked or reposted this post.` : ""}`;
  if (why.source === "network")
    return `You do not follow ${name}, but ${via ?? "people you follow"} liked or reposted this post.`;
  if (!why.hashtag) return `You do not follow ${name}, but this post is popular on Rookery.`;
  return `You do not follow ${name}, but you take part in #${why.hashtag}, where this post is popular.`;
}

/** "+42 %": how much of the score a signal makes up; less than half a percent is still something. */
export function shareText(share: number): string {
  const percent = Math.round(Math.abs(share) * 100);
  const sign = share < 0 ? "−" : "+";
  return percent === 0 ? `${sign}<1 %` : `${sign}${percent} %`;
}

/** The weights of the settings, in the order in which they stand there. */
export const weightWords: { name: string; label: string; hint: string }[] = [
  { name: "recency", label: "Recent posts", hint: "How much newer posts are preferred to older ones." },
  {
    name: "affinity",
    label: "People close to you",
    hint: "Authors whose posts you like, repost and answer.",
  },
  {
    name: "velocity",
    label: "Posts that take off",
    hint: "More likes, reposts and replies than is usual for the author.",
  },
  { name: "author_replies", label: "Authors who talk back", hint: "Posts whose author answers the replies." },
  { name: "media", label: "Pictures and video", hint: "Posts that show something beside their text." },
  {
    name: "language",
    label: "Your languages",
    hint: "Lowers posts in languages whose posts you never like or answer.",
  },
  { name: "network", label: "Liked around you", hint: "Posts that people you follow liked or reposted." },
  { name: "trending", label: "Popular in your hashtags", hint: "From hashtags that you take part in." },
  { name: "diversity", label: "Variety", hint: "Keeps one author from filling the page." },
  { name: "seen", label: "Hide what you have seen", hint: "Lowers posts that were on your screen already." },
];

/** A weight in words: "Off", "Default", or how strong it is beside the default. */
export function weightText(value: number, byDefault: number): string {
  if (value === 0) return "Off";
  if (value === byDefault || byDefault === 0) return value === byDefault ? "Default" : `${round(value)}`;
  return `${round(value / byDefault)} × default`;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** 36 hours, 2 days: a span that people can picture. */
export function hoursText(hours: number): string {
  const days = hours / 24;
  if (hours >= 48 && Number.isInteger(days)) return `${days} days`;
  return `${round(hours)} ${plural(hours, "hour")}`;
}
