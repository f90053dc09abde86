/** Signals and weights of the ranking in the words that people read. */
import type { RankedItem, SignalName, UserBrief, Why } from "@/api/types";
import { plural } from "@/lib/numbers";

const nameOf = (user: UserBrief) => user.display_name || user.username;

/** What a signal says about a post; `raised`: whether it lifted the post or lowered it. */
export const signalWords: Record<SignalName, { label: string; text: (raised: boolean) => string }> = {
  recency: {
    label: "Recency",
    text: (raised) => (raised ? "It is recent." : "It is not that recent any more."),
  },
  affinity: {
    label: "Your closeness to the author",
    text: () => "How often you like, repost and answer what they write.",
  },
  velocity: {
    label: "Attention it gets",
    text: (raised) =>
      raised
        ? "It is liked, reposted and answered faster than is usual for its author."
        : "It is liked, reposted and answered more slowly than is usual for its author.",
  },
  author_replies: {
    label: "The author talks back",
    text: () => "The author answers people who reply to it.",
  },
  media: { label: "Pictures and video", text: () => "It shows something, and how much you like such posts." },
  language: { label: "Language", text: () => "Whether it is in a language that you read." },
  network: {
    label: "People around you",
    text: () => "People you follow have liked or reposted it.",
  },
  trending: { label: "Popular hashtag", text: () => "It is popular in a hashtag that you take part in." },
  less: { label: "Your wish to see less", text: () => "You asked to see less like this." },
  seen: { label: "Seen before", text: () => "It has been on your screen already." },
  diversity: {
    label: "Variety",
    text: () => "More by the same author stands above it.",
  },
};

/** "Ana", "Ana and Ben", "Ana and 3 others you follow"; the first of `via` speaks for the rest. */
export function viaText({ via, via_count }: Pick<Why, "via" | "via_count">): string | null {
  const [first, second] = via;
  if (!first)
    return via_count > 0 ? `${via_count} ${plural(via_count, "person", "people")} you follow` : null;
  const others = via_count - 1;
  if (others <= 0) return nameOf(first);
  if (others === 1 && second) return `${nameOf(first)} and ${nameOf(second)}`;
  return `${nameOf(first)} and ${others} ${plural(others, "other")} you follow`;
}

/** Of a followed author's post: what beside its age lifted it most. Age alone needs no explanation. */
const followingReasons: Partial<Record<SignalName, (author: string) => string>> = {
  affinity: (author) => `Because you often interact with ${author}`,
  velocity: (author) => `Getting more attention than usual for ${author}`,
  author_replies: (author) => `${author} is answering replies`,
  media: () => "With pictures or video",
};

function followingReason({ author, why }: RankedItem): string {
  const telling = why.signals.find(({ name, share }) => share > 0 && followingReasons[name]);
  return (telling && followingReasons[telling.name]?.(nameOf(author))) ?? `You follow ${nameOf(author)}`;
}

/** The quiet line above a ranked post. Whoever is named first is the strongest reason. */
export function reasonOf(item: RankedItem): string {
  const { source, hashtag } = item.why;
  if (source === "trending" && hashtag) return `Popular in #${hashtag}`;
  const via = viaText(item.why);
  if (via) return `Liked or reposted by ${via}`;
  if (source === "following") return followingReason(item);
  return "From people around you";
}

/** Where a post came from, as a sentence. */
export function sourceText(item: RankedItem): string {
  const { source, hashtag } = item.why;
  const author = nameOf(item.author);
  if (source === "following") return `You follow ${author}.`;
  if (source === "trending") {
    const where = hashtag ? `#${hashtag}` : "a hashtag";
    return `You do not follow ${author}, but you take part in ${where}, where this post is popular.`;
  }
  const via = viaText(item.why) ?? "people you follow";
  return `You do not follow ${author}, but ${via} liked or reposted this post.`;
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
  { name: "media", label: "Pictures and video", hint: "Posts with media, if you tend to like those." },
  { name: "language", label: "Languages you read", hint: "Posts in the languages that you write and like." },
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
