import { UserSearch } from "lucide-react";
import { wordsOf } from "@/domain/search/terms";
import { UserList } from "@/domain/users/components/user-list";
import { EmptyState } from "@/ui/states";
import { useUserSearch } from "../api/use-found";

/** People by name and bio. Operators speak of posts, so only the words count here. */
export function FoundPeople({ query }: { query: string }) {
  const name = wordsOf(query);
  const users = useUserSearch(name);
  if (name === "") {
    return (
      <EmptyState
        icon={UserSearch}
        title="Which name?"
        text="People are found by words of their names and bios. This search has none."
      />
    );
  }
  const empty = (
    <EmptyState
      icon={UserSearch}
      title="Nobody found"
      text={`Nobody here has “${name}” in their name or bio. Try a part of it.`}
    />
  );
  return <UserList query={users} label="People found" empty={empty} />;
}
