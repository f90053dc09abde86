import { UsersRound } from "lucide-react";
import { SuggestionRow } from "@/domain/suggestions/components/suggestion-row";
import { useSuggestions } from "@/domain/suggestions/use-suggestions";
import { usePageTitle } from "@/domain/use-page-title";
import { PageHeader } from "@/ui/page-header";
import { LoadingMore } from "@/ui/spinner";
import { EmptyState, ErrorState } from "@/ui/states";

/** Everybody who is suggested. */
export function PeoplePage() {
  usePageTitle("Who to follow");
  const query = useSuggestions();
  const people = query.data?.pages.flatMap((page) => page.data);
  return (
    <>
      <PageHeader title="Who to follow" back />
      {query.isPending && <LoadingMore label="Loading people" />}
      {query.isError && !people && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {people?.length === 0 && (
        <EmptyState
          icon={UsersRound}
          title="Nobody to suggest yet"
          text="Follow people, write and like: suggestions come from whom they follow and what you share."
        />
      )}
      {people && people.length > 0 && (
        <ul aria-label="Who to follow" className="divide-y divide-line">
          {people.map((person) => (
            <li key={person.id}>
              <SuggestionRow person={person} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
