import { memo } from "react";
import { cx } from "@/lib/cx";

/** Plumage tones for people without a picture: dark enough for white letters in both themes. */
const tones = [
  ["#5b4be0", "#2c2480"],
  ["#0f7f8c", "#0b4a63"],
  ["#a83a74", "#5a1d57"],
  ["#2c6fca", "#1c3a80"],
  ["#23805a", "#124a41"],
  ["#b0562a", "#6c2a2a"],
  ["#7a45c4", "#43207c"],
  ["#566079", "#2c3347"],
] as const;

export function toneOf(seed: string): readonly [string, string] {
  let hash = 7;
  for (const character of seed) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return tones[hash % tones.length] ?? tones[0];
}

interface AvatarProps {
  user: { id: string; username: string; display_name: string; avatar_url: string | null };
  className?: string;
}

/** Decorative: the person's name always stands beside it. */
export const Avatar = memo(function Avatar({ user, className = "size-11 text-lg" }: AvatarProps) {
  const shape = cx("shrink-0 rounded-full select-none", className);
  if (user.avatar_url) {
    return <img src={user.avatar_url} alt="" loading="lazy" className={cx(shape, "object-cover")} />;
  }
  const [from, to] = toneOf(user.username);
  const letter = Array.from(user.display_name.trim() || user.username)[0]?.toUpperCase();
  return (
    <span
      aria-hidden="true"
      className={cx(shape, "grid place-items-center font-semibold text-white")}
      style={{ backgroundImage: `linear-gradient(145deg, ${from}, ${to})` }}
    >
      {letter}
    </span>
  );
});
