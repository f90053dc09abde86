import type { User } from "@/api/types";
import { toneOf } from "@/ui/avatar";

/** The header picture, or a sky in the person's own colours with a few birds in it. */
export function Banner({ user }: { user: Pick<User, "username" | "header_url"> }) {
  if (user.header_url)
    return <img src={user.header_url} alt="" className="aspect-[3/1] w-full object-cover" />;
  const [from, to] = toneOf(user.username);
  return (
    <div
      aria-hidden="true"
      className="relative aspect-[3/1] w-full overflow-hidden"
      style={{ backgroundImage: `linear-gradient(165deg, ${from}, ${to})` }}
    >
      <svg
        aria-hidden="true"
        viewBox="0 0 600 200"
        className="absolute inset-0 size-full text-white/25"
        fill="currentColor"
      >
        {birds.map(([x, y, scale]) => (
          <path
            key={`${x}-${y}`}
            transform={`translate(${x} ${y}) scale(${scale})`}
            d="M0 6C7-3 15-4 20 4c5-8 13-7 20 2-7-4-14-4-20 4C14 2 7 2 0 6z"
          />
        ))}
      </svg>
    </div>
  );
}

/** x, y, size in the banner's 600 by 200 box. */
const birds = [
  [392, 46, 1.5],
  [446, 70, 1.1],
  [352, 88, 0.9],
  [498, 42, 0.8],
  [470, 108, 0.7],
  [420, 118, 0.6],
  [536, 84, 0.55],
] as const;
