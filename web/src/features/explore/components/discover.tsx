import { WhoToFollow } from "@/domain/suggestions/components/who-to-follow";
import { useMe } from "@/domain/users/cache";
import { ExploreHeader } from "./explore-header";
import { Trends } from "./trends";

const mostPeople = 5;

/** Explore without a query: what is going on, and who might be worth following. */
export function Discover() {
  const me = useMe();
  return (
    <>
      <ExploreHeader />
      <Trends />
      {me && <WhoToFollow most={mostPeople} />}
    </>
  );
}
