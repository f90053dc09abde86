import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { cx } from "@/lib/cx";
import { fullTime } from "@/lib/time";
import { wordDiff } from "@/lib/word-diff";
import { Dialog } from "@/ui/dialog";
import { LoadingMore } from "@/ui/spinner";
import { ErrorState } from "@/ui/states";

interface HistoryDialogProps {
  postId: string;
  onClose: () => void;
}

/** Every revision, newest first, with what changed against the one before. */
export default function HistoryDialog({ postId, onClose }: HistoryDialogProps) {
  const query = useQuery({
    queryKey: ["history", postId],
    queryFn: () =>
      unwrap(
        api.GET("/v1/posts/{post_id}/history", {
          params: { path: { post_id: postId } },
        }),
      ),
    staleTime: 0,
  });
  const revisions = [...(query.data?.data ?? [])].sort((a, b) => b.revision - a.revision);
  return (
    <Dialog open onOpenChange={onClose} title="Edit history" wide>
      {query.isPending && <LoadingMore label="Loading the history" />}
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      <ol className="divide-y divide-line px-5 pb-4">
        {revisions.map((revision, index) => (
          <li key={revision.revision} className="py-4">
            <p className="text-sm text-muted">
              <strong className="text-text">
                {revision.revision === 1 ? "Original" : `Edit ${revision.revision - 1}`}
              </strong>
              {" · "}
              <time dateTime={revision.created_at}>{fullTime(revision.created_at)}</time>
            </p>
            <Changes before={revisions[index + 1]?.content ?? revision.content} after={revision.content} />
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

function Changes({ before, after }: { before: string; after: string }) {
  const pieces = wordDiff(before, after);
  const apart = !pieces.some(({ kind }) => kind === "same") && "my-1 block w-fit";
  return (
    <p dir="auto" className="mt-1.5 whitespace-pre-wrap">
      {pieces.map(({ kind, text }, index) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: the pieces of one comparison never move
        if (kind === "added") {
          return (
            <ins key={index} className={cx("rounded bg-repost/15 text-repost no-underline", apart)}>
              {text}
            </ins>
          );
        }
        if (kind === "removed") {
          return (
            <del key={index} className={cx("rounded bg-danger-soft text-danger", apart)}>
              {text}
            </del>
          );
        }
        return <span key={index}>{text}</span>;
        // biome-ignore-end lint/suspicious/noArrayIndexKey: see above
      })}
    </p>
  );
}
