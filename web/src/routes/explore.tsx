import { useParams, useSearch } from "@tanstack/react-router";
import { ExplorePage } from "@/features/explore/components/explore-page";
import { HashtagPage } from "@/features/hashtag/components/hashtag-page";

export { PeoplePage } from "@/features/explore/components/people-page";

export function Explore() {
  const { q, tab } = useSearch({ from: "/shell/explore" });
  return <ExplorePage query={q} tab={tab ?? "top"} />;
}

export function Hashtag() {
  const { tag } = useParams({ from: "/shell/hashtag/$tag" });
  const { tab } = useSearch({ from: "/shell/hashtag/$tag" });
  return <HashtagPage key={tag} tag={tag} tab={tab ?? "latest"} />;
}
