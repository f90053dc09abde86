import { Link } from "@tanstack/react-router";
import { EyeOff, ImageOff, Images, Play } from "lucide-react";
import type { ReactNode } from "react";
import type { MediaAttachment, Post } from "@/api/types";
import { badge } from "@/domain/media/components/badge";
import { Picture } from "@/domain/media/components/picture";
import { Placeholder } from "@/domain/media/components/placeholder";
import { useFreshMedia } from "@/domain/media/use-fresh-media";
import { mediaName } from "@/domain/media/words";
import { runningTime } from "@/lib/time";
import { Spinner } from "@/ui/spinner";

/** The first of a post's media as a square that leads to the post. Fills its parent. */
export function MediaCell({ post }: { post: Post }) {
  const onError = useFreshMedia(post);
  const [first] = post.media;
  if (!first) return null;
  return (
    <Link
      to="/@{$username}/posts/$postId"
      params={{ username: post.author.username, postId: post.id }}
      aria-label={mediaName(post)}
      className="group absolute inset-0 overflow-hidden bg-surface focus-visible:-outline-offset-4"
    >
      <Shown media={first} covered={post.media.some(({ sensitive }) => sensitive)} onError={onError} />
      <span className="absolute inset-0 bg-black/0 transition-colors group-hover:bg-black/15" />
      {post.media.length > 1 && (
        <span className={`${badge} top-1.5 right-1.5 flex items-center gap-1`}>
          <Images className="size-3.5" /> {post.media.length}
        </span>
      )}
    </Link>
  );
}

interface ShownProps {
  media: MediaAttachment;
  covered: boolean;
  onError: () => void;
}

function Shown({ media, covered, onError }: ShownProps) {
  if (media.state === "failed")
    return (
      <Middle>
        <ImageOff />
      </Middle>
    );
  if (media.state !== "ready")
    return (
      <Middle>
        <Spinner />
      </Middle>
    );
  if (covered)
    return (
      <>
        <Placeholder hash={media.placeholder} color={media.color} />
        <Middle>
          <EyeOff className="text-white" />
        </Middle>
      </>
    );
  return (
    <>
      <Picture media={media} sizes="(min-width: 640px) 200px, 33vw" alt="" onError={onError} />
      {media.kind === "gif" && <span className={`${badge} bottom-1.5 left-1.5`}>GIF</span>}
      {media.kind === "video" && (
        <span className={`${badge} bottom-1.5 left-1.5 flex items-center gap-1 tabular-nums`}>
          <Play className="size-3 fill-current" /> {runningTime(media.duration_ms ?? 0)}
        </span>
      )}
    </>
  );
}

const Middle = ({ children }: { children: ReactNode }) => (
  <span className="absolute inset-0 grid place-items-center text-muted [&_svg]:size-6">{children}</span>
);
