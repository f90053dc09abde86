import { Bird } from "lucide-react";
import type { ReactNode } from "react";
import { PostFeed } from "@/domain/posts/components/post-feed";
import { usePageTitle } from "@/domain/use-page-title";
import { PageHeader } from "@/ui/page-header";
import { EmptyState } from "@/ui/states";
import { useHomeTimeline } from "../api/use-home-timeline";
import { NewPostsPill } from "./new-posts-pill";

interface HomeProps {
  composer: ReactNode;
  /** At the right end of the header. */
  corner: ReactNode;
  /** Shown where nobody is followed yet. */
  findPeople: ReactNode;
}

export function Home({ composer, corner, findPeople }: HomeProps) {
  usePageTitle("Home");
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
  return (
    <>
      <PageHeader title="Home" action={corner} />
      <NewPostsPill />
      {composer}
      <PostFeed name="home" label="Home timeline" query={query} empty={empty} />
    </>
  );
}
