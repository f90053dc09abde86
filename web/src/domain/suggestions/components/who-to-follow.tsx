import { Link } from "@tanstack/react-router";
import { useId } from "react";
import { cx } from "@/lib/cx";
import { useSuggestions } from "../use-suggestions";
import { SuggestionRow } from "./suggestion-row";

interface WhoToFollowProps {
  /** How many people are shown here. */
  most: number;
  /** With a frame around it, beside a feed. */
  card?: boolean;
}

/** The best suggestions with the way to more of them; nothing where there are none. */
export function WhoToFollow({ most, card = false }: WhoToFollowProps) {
  const id = useId();
  const people = useSuggestions().data?.pages.flatMap((page) => page.data) ?? [];
  if (people.length === 0) return null;
  return (
    <section
      aria-labelledby={id}
      className={cx("pt-3", card ? "overflow-hidden rounded-2xl border border-line" : "border-b border-line")}
    >
      <h2 id={id} className={cx("px-4 pb-1 text-left font-bold", card ? "text-[17px]" : "text-xl")}>
        Who to follow
      </h2>
      <ul>
        {people.slice(0, most).map((person) => (
          <li key={person.id}>
            <SuggestionRow person={person} />
          </li>
        ))}
      </ul>
      <Link
        to="/explore/people"
        aria-label="Show more people"
        className="block px-4 py-3 text-left text-[14.5px] text-accent hover:bg-hover focus-visible:-outline-offset-2"
      >
        Show more
      </Link>
    </section>
  );
}
