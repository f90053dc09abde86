import type { ReactNode } from "react";
import { useArrivals } from "@/domain/posts/arrivals";
import { TabList } from "@/ui/tabs";
import type { HomeTab } from "../home-tab";

interface HomeHeaderProps {
  panelId: string;
  tab: HomeTab;
  onSelect: (tab: HomeTab) => void;
  /** "For you" will probably be asked for next. */
  onForYouIntent: () => void;
  corner: ReactNode;
}

/** The bar on top of home: two timelines to choose from. */
export function HomeHeader({ panelId, tab, onSelect, onForYouIntent, corner }: HomeHeaderProps) {
  const waiting = useArrivals().data.length > 0 && tab !== "following";
  return (
    <header className="sticky top-0 z-20 flex min-h-14 items-center border-b border-line bg-bg/85 backdrop-blur-md">
      <h1 className="sr-only">Home</h1>
      <TabList
        label="Timelines"
        panelId={panelId}
        selected={tab}
        onSelect={onSelect}
        className="-mb-px flex-1"
        tabs={[
          { value: "following", label: "Following", mark: waiting && <NewMark /> },
          { value: "for-you", label: "For you", onIntent: onForYouIntent },
        ]}
      />
      <div className="pr-4 pl-2 empty:hidden lg:hidden">{corner}</div>
    </header>
  );
}

function NewMark() {
  return (
    <span className="absolute top-4.5 -right-3 size-2 rounded-full bg-accent">
      <span className="sr-only">, new posts</span>
    </span>
  );
}
