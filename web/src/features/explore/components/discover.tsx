import { WhoToFollow } from "@/domain/suggestions/components/who-to-follow";
import { useMe } from "@/domain/users/cache";
import { ExploreHeader } from "./explore-header";
import { PopularPosts } from "./popular-posts";
import { Trends } from "./trends";

const mostPeople = 5;

/** Explore without a query: what is going on, who might be worth following, and what many like. */
export function Discover() {
  const me = useMe();
  return (
    <>
      <ExploreHeader />
      <Trends />
      {me && <WhoToFollow most={mostPeople} />}
      <PopularPosts />
    </>
  );
}
