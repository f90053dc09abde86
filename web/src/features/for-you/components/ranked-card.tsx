import { Info, ThumbsDown } from "lucide-react";
import { memo, Suspense, useMemo, useState } from "react";
import type { RankedItem } from "@/api/types";
import { PostCard } from "@/domain/posts/components/post-card";
import type { FeedCardProps } from "@/domain/posts/components/post-feed";
import { lazy } from "@/lib/lazy";
import { MenuItem } from "@/ui/menu";
import { useSeen } from "../api/report-seen";
import { useShowLess } from "../api/use-show-less";
import { Reason } from "./reason";

const WhyDialog = lazy(() => import("./why-dialog"));

/** A post of the ranked timeline: with its reason, and with what the reader can do about it in its menu. */
export const RankedCard = memo(function RankedCard({ post, position }: FeedCardProps<RankedItem>) {
  const [asking, setAsking] = useState(false);
  const seen = useSeen(post.id);
  const showLess = useShowLess(post.id);
  const note = useMemo(() => <Reason item={post} onAsk={() => setAsking(true)} />, [post]);
  const items = (
    <>
      <MenuItem icon={Info} onSelect={() => setAsking(true)}>
        Why this post?
      </MenuItem>
      <MenuItem icon={ThumbsDown} onSelect={showLess}>
        Show less like this
      </MenuItem>
    </>
  );
  return (
    <div ref={seen}>
      <PostCard post={post} position={position} note={note} menuItems={items} />
      <Suspense>
        {asking && <WhyDialog item={post} onClose={() => setAsking(false)} onShowLess={showLess} />}
      </Suspense>
    </div>
  );
});
