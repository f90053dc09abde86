import { PostCard } from "@/domain/posts/components/post-card";
import { PostSkeletons } from "@/domain/posts/components/post-skeletons";
import { ErrorState } from "@/ui/states";
import { usePopularPosts } from "../api/use-popular-posts";

/** What many engage with now; nothing at all where nobody has engaged with anything yet. */
export function PopularPosts() {
  const query = usePopularPosts();
  const posts = query.data?.pages.flatMap((page) => page.data);
  if (posts?.length === 0) return null;
  return (
    <section aria-labelledby="popular-posts">
      <h2 id="popular-posts" className="px-4 pt-3.5 pb-2 text-xl font-bold">
        Popular posts
      </h2>
      {posts?.map((post) => (
        <PostCard key={post.id} post={post} />
      ))}
      {query.isPending && <PostSkeletons count={3} />}
      {query.isError && !posts && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
    </section>
  );
}
