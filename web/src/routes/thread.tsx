import { useParams } from "@tanstack/react-router";
import { Suspense } from "react";
import { useMe } from "@/domain/users/cache";
import { ThreadPage } from "@/features/thread/components/thread-page";
import { lazy } from "@/lib/lazy";

const Composer = lazy(() =>
  import("@/features/composer/components/composer").then((all) => ({ default: all.Composer })),
);

export default function ThreadRoute() {
  const { postId } = useParams({ from: "/shell/@{$username}/posts/$postId" });
  const me = useMe();
  return (
    <ThreadPage
      postId={postId}
      replyField={(post) =>
        me && (
          <Suspense fallback={<div className="h-17 border-b border-line" />}>
            <Composer key={post.id} me={me} target={{ mode: "reply", post }} inline />
          </Suspense>
        )
      }
    />
  );
}
