import { Link } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { narrowingTerms, withoutTerm, wordsOf } from "@/domain/search/terms";
import { buttonClass } from "@/ui/button";
import { EmptyState } from "@/ui/states";

const mostOffered = 4;

/** No posts: what could be left out of the query, and where else to look. */
export function NothingFound({ query }: { query: string }) {
  const removable = narrowingTerms(query)
    .map((term) => ({ term, q: withoutTerm(query, term) }))
    .filter(({ q }) => q !== "")
    .slice(0, mostOffered);
  return (
    <EmptyState
      icon={SearchX}
      title="No posts found"
      text={
        removable.length > 0
          ? "Nobody wrote what matches all of this. Leave something out:"
          : "Nobody wrote that here yet. Try other or fewer words."
      }
    >
      <ul className="flex flex-wrap justify-center gap-2">
        {removable.map(({ term, q }) => (
          <li key={term}>
            <Link to="/explore" search={{ q }} className={buttonClass("secondary", "sm")}>
              Without <span className="max-w-50 truncate">{term}</span>
            </Link>
          </li>
        ))}
        {wordsOf(query) !== "" && (
          <li>
            <Link
              to="/explore"
              search={{ q: query, tab: "people" }}
              className={buttonClass("secondary", "sm")}
            >
              Look among people
            </Link>
          </li>
        )}
        <li>
          <Link to="/explore" className={buttonClass("secondary", "sm")}>
            See what is trending
          </Link>
        </li>
      </ul>
    </EmptyState>
  );
}
