import { EyeOff, ImageOff, Play } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { MediaAttachment, Post } from "@/api/types";
import { useMe } from "@/domain/users/cache";
import { cx } from "@/lib/cx";
import { Button } from "@/ui/button";
import { Spinner } from "@/ui/spinner";
import { describePost } from "../described-post";
import { boxRatio, type Cell, cellsFor, sizesFor } from "../layout";
import { useOpenLightbox } from "../lightbox";
import { useFreshMedia } from "../use-fresh-media";
import { numbered } from "../words";
import { AltBadge } from "./alt-badge";
import { AltButton } from "./alt-button";
import { badge } from "./badge";
import { Gif } from "./gif";
import { Picture } from "./picture";
import { Placeholder } from "./placeholder";
import { Video } from "./video";

interface PostMediaProps {
  post: Post;
  /** Inside a card that is a link itself: to look at only. */
  still?: boolean;
}

const places: Record<Cell, string> = {
  whole: "col-span-2 row-span-2",
  left: "row-span-2",
  right: "row-span-2",
  "top-right": "",
  "bottom-right": "col-start-2",
  quarter: "",
};
/** No lone picture is higher than this. */
const tallestRem = 32;

/** The pictures, the GIF or the video of a post, in a box whose size is known before anything has loaded. */
export function PostMedia({ post, still = false }: PostMediaProps) {
  const { media } = post;
  const onError = useFreshMedia(post);
  const [revealed, setRevealed] = useState(false);
  if (media.length === 0) return null;
  const covered = media.some((each) => each.sensitive) && !revealed;
  const ratio = boxRatio(media);
  const cells = cellsFor(media.length);
  return (
    <div
      data-media={covered ? "covered" : "shown"}
      // The ratio is of what is inside the border: else a video of that shape would not fill it.
      className="relative mt-2.5 box-content cursor-auto overflow-hidden rounded-2xl border border-line"
      style={{ aspectRatio: ratio, maxWidth: `${tallestRem * ratio}rem` }}
    >
      <div className="absolute inset-0 grid grid-cols-2 grid-rows-2 gap-0.5">
        {media.map((each, index) => {
          const cell = cells[index] ?? "quarter";
          return (
            <div key={each.id} className={cx("relative min-h-0 overflow-hidden", places[cell])}>
              {covered ? (
                <Placeholder hash={each.placeholder} color={each.color} />
              ) : (
                <Shown post={post} index={index} cell={cell} still={still} onError={onError} />
              )}
            </div>
          );
        })}
      </div>
      {covered && <Cover still={still} onShow={() => setRevealed(true)} />}
    </div>
  );
}

function Cover({ still, onShow }: { still: boolean; onShow: () => void }) {
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-black/45 p-3 text-center text-white">
      <EyeOff className="size-6" aria-hidden="true" />
      <p className="text-[15px] font-semibold">Sensitive content</p>
      {!still && (
        <Button variant="secondary" size="sm" onClick={onShow}>
          Show
        </Button>
      )}
    </div>
  );
}

interface ShownProps {
  post: Post;
  index: number;
  cell: Cell;
  still: boolean;
  onError: () => void;
}

function Shown({ post, index, cell, still, onError }: ShownProps) {
  const media = post.media[index] as MediaAttachment;
  if (media.state !== "ready") return <NotReady failed={media.state === "failed"} kind={media.kind} />;
  if (still) return <Still media={media} cell={cell} onError={onError} />;
  return (
    <>
      {media.kind === "image" && <ImageButton post={post} index={index} cell={cell} onError={onError} />}
      {media.kind === "gif" && <Gif media={media} onError={onError} />}
      {media.kind === "video" && <Video media={media} onError={onError} />}
      <Alt post={post} index={index} />
    </>
  );
}

/** What describes it, to be read; its author may change it, or is led to describing what is not described yet. */
function Alt({ post, index }: { post: Post; index: number }) {
  const mine = useMe()?.id === post.author.id;
  const { id, kind, alt } = post.media[index] as MediaAttachment;
  const className = kind === "video" ? "top-2.5 left-2.5" : "bottom-2.5 left-2.5";
  const describe = () => describePost(post, id);
  if (alt)
    return <AltBadge mediaId={id} alt={alt} onEdit={mine ? describe : undefined} className={className} />;
  if (!mine) return null;
  return (
    <AltButton
      described={false}
      name={numbered(kind, index, post.media.length)}
      data-alt-of={id}
      onClick={describe}
      className={className}
    />
  );
}

function ImageButton({ post, index, cell, onError }: Omit<ShownProps, "still">) {
  const openLightbox = useOpenLightbox();
  const mine = useMe()?.id === post.author.id;
  const images = post.media.filter((each) => each.state === "ready" && each.kind === "image");
  const media = post.media[index] as MediaAttachment;
  const place = images.indexOf(media);
  const name = images.length > 1 ? `Image ${place + 1} of ${images.length}` : "Image";
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      onClick={({ currentTarget: opener }) =>
        openLightbox({
          images,
          index: place,
          opener,
          onDescribe: mine ? (mediaId) => describePost(post, mediaId) : undefined,
        })
      }
      className="absolute inset-0 cursor-zoom-in focus-visible:-outline-offset-4"
    >
      <Picture
        media={media}
        sizes={sizesFor(cell)}
        alt={media.alt || `${name}, without a description`}
        onError={onError}
      />
    </button>
  );
}

function Still({ media, cell, onError }: { media: MediaAttachment; cell: Cell; onError: () => void }) {
  return (
    <>
      <Picture media={media} sizes={sizesFor(cell)} alt={media.alt} onError={onError} />
      {media.kind === "gif" && <span className={`${badge} bottom-2.5 left-2.5`}>GIF</span>}
      {media.kind === "video" && (
        <span className="absolute inset-0 m-auto grid size-12 place-items-center rounded-full bg-black/65 text-white">
          <Play className="fill-current" aria-hidden="true" />
        </span>
      )}
    </>
  );
}

const nouns = { image: "picture", gif: "GIF", video: "video" } as const;

function NotReady({ failed, kind }: { failed: boolean; kind: MediaAttachment["kind"] }) {
  const note = (icon: ReactNode, text: string) => (
    <p className="absolute inset-0 flex flex-col items-center justify-center gap-2.5 bg-surface p-3 text-center text-[14.5px] text-muted">
      {icon}
      {text}
    </p>
  );
  if (failed)
    return note(
      <ImageOff className="size-6" aria-hidden="true" />,
      `This ${nouns[kind]} could not be processed.`,
    );
  return note(<Spinner />, `The ${nouns[kind]} is being prepared.`);
}
