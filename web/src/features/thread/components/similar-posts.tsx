import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { PostCard } from "@/domain/posts/components/post-card";
import { PostSkeletons } from "@/domain/posts/components/post-skeletons";
import { cx } from "@/lib/cx";
import { ErrorState } from "@/ui/states";
import { useSimilarPosts } from "../api/use-similar-posts";

/** What others wrote about the same; asked for only by who wants to know. */
export function SimilarPosts({ postId }: { postId: string }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <section aria-labelledby={`${id}-title`} className="border-b border-line">
      <h2 id={`${id}-title`}>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="flex w-full items-center justify-between px-4 py-3.5 text-left font-bold hover:bg-hover focus-visible:-outline-offset-2"
        >
          Posts like this
          <ChevronDown
            className={cx("size-5 text-muted transition-transform", open && "rotate-180")}
            aria-hidden="true"
          />
        </button>
      </h2>
      <div id={id} className={open ? "border-t border-line" : undefined}>
        {open && <SimilarList postId={postId} />}
      </div>
    </section>
  );
}

function SimilarList({ postId }: { postId: string }) {
  const query = useSimilarPosts(postId);
  if (query.isPending) return <PostSkeletons count={3} />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const posts = query.data.pages.flatMap((page) => page.data);
  if (posts.length === 0)
    return <p className="px-4 py-4 text-[15px] text-muted">Nobody has written anything like it lately.</p>;
  return posts.map((post) => <PostCard key={post.id} post={post} />);
}
