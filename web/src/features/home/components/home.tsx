import { type ReactNode, useId } from "react";
import { usePageTitle } from "@/domain/use-page-title";
import { useMe } from "@/domain/users/cache";
import { tabId } from "@/ui/tabs";
import { useHomeTab } from "../home-tab";
import { Following } from "./following";
import { HomeHeader } from "./home-header";
import { NewPostsPill } from "./new-posts-pill";

interface HomeProps {
  composer: ReactNode;
  /** At the right end of the header. */
  corner: ReactNode;
  /** Shown where nobody is followed yet. */
  findPeople: ReactNode;
  /** The ranked timeline, and how to fetch it ahead. */
  forYou: ReactNode;
  prefetchForYou: () => void;
}

export function Home({ composer, corner, findPeople, forYou, prefetchForYou }: HomeProps) {
  usePageTitle("Home");
  const panelId = useId();
  const [tab, select] = useHomeTab(useMe()?.id);
  return (
    <>
      <HomeHeader
        panelId={panelId}
        tab={tab}
        onSelect={select}
        onForYouIntent={prefetchForYou}
        corner={corner}
      />
      {tab === "following" && <NewPostsPill />}
      {composer}
      <div id={panelId} role="tabpanel" aria-labelledby={tabId(panelId, tab)}>
        {tab === "following" ? <Following findPeople={findPeople} /> : forYou}
      </div>
    </>
  );
}
