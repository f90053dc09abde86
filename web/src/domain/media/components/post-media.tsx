import { useQueryClient } from "@tanstack/react-query";
import { EyeOff, ImageOff, Play } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { MediaAttachment, Post } from "@/api/types";
import { cx } from "@/lib/cx";
import { Button } from "@/ui/button";
import { Spinner } from "@/ui/spinner";
import { boxRatio, type Cell, cellsFor, sizesFor } from "../layout";
import { useOpenLightbox } from "../lightbox";
import { refreshMedia } from "../refresh";
import { AltBadge } from "./alt-badge";
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

const unfinished = ({ state }: MediaAttachment) => state === "uploaded" || state === "processing";
const firstLookMs = 4000;
const longestLookMs = 60_000;

/**
 * Asks for the post again while its media are still worked on (whoever posted them is told over the live connection, too).
 * The function that it returns asks once when an address has expired.
 */
function useFreshMedia(post: Post): () => void {
  const client = useQueryClient();
  const asked = useRef(false);
  const waiting = post.media.some(unfinished);
  useEffect(() => {
    if (!waiting) return;
    let delayMs = firstLookMs;
    let timer = setTimeout(look, delayMs);
    function look() {
      delayMs = Math.min(longestLookMs, delayMs * 1.6);
      void refreshMedia(client, post.id);
      timer = setTimeout(look, delayMs);
    }
    return () => clearTimeout(timer);
  }, [client, post.id, waiting]);
  return () => {
    if (asked.current) return;
    asked.current = true;
    void refreshMedia(client, post.id);
  };
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
      {media.alt && (
        <AltBadge
          alt={media.alt}
          className={media.kind === "video" ? "top-2.5 left-2.5" : "bottom-2.5 left-2.5"}
        />
      )}
    </>
  );
}

function ImageButton({ post, index, cell, onError }: Omit<ShownProps, "still">) {
  const openLightbox = useOpenLightbox();
  const images = post.media.filter((each) => each.state === "ready" && each.kind === "image");
  const media = post.media[index] as MediaAttachment;
  const place = images.indexOf(media);
  const name = images.length > 1 ? `Image ${place + 1} of ${images.length}` : "Image";
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      onClick={(event) => openLightbox(images, place, event.currentTarget)}
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
