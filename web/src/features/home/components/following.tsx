import { Bird } from "lucide-react";
import type { ReactNode } from "react";
import { PostFeed } from "@/domain/posts/components/post-feed";
import { EmptyState } from "@/ui/states";
import { useHomeTimeline } from "../api/use-home-timeline";

/** Everyone who is followed, newest first. `findPeople` is shown where nobody is followed yet. */
export function Following({ findPeople }: { findPeople: ReactNode }) {
  const query = useHomeTimeline();
  const empty = (
    <EmptyState
      icon={Bird}
      title="Your colony is quiet"
      text="Follow people and their posts appear here, newest first, the moment they are written."
    >
      {findPeople}
    </EmptyState>
  );
  return <PostFeed name="home" label="Home timeline" query={query} empty={empty} />;
}
