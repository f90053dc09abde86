import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { MediaAttachment } from "@/api/types";
import { useMedia } from "@/ui/use-media";
import { useInView } from "../use-in-view";
import { badge } from "./badge";

interface GifProps {
  media: MediaAttachment;
  onError: () => void;
}

/** What moves fills its box, whole. */
export const frame = "absolute inset-0 size-full bg-black object-contain";

/** A GIF: runs without sound for as long as it is looked at, unless its viewer wants stillness. */
export function Gif({ media, onError }: GifProps) {
  const video = useRef<HTMLVideoElement>(null);
  const inView = useInView(video);
  const still = useMedia("(prefers-reduced-motion: reduce)");
  const [wanted, setWanted] = useState<boolean | null>(null);
  const running = inView && (wanted ?? !still);
  useEffect(() => {
    if (running) video.current?.play().catch(() => setWanted(false));
    else video.current?.pause();
  }, [running]);
  return (
    <>
      <video
        ref={video}
        src={media.url ?? undefined}
        poster={media.poster_url ?? undefined}
        width={media.width ?? undefined}
        height={media.height ?? undefined}
        aria-label={media.alt || "GIF without a description"}
        muted
        loop
        playsInline
        preload="none"
        onError={onError}
        className={frame}
      />
      <button
        type="button"
        aria-label={running ? "Pause GIF" : "Play GIF"}
        onClick={() => setWanted(!running)}
        className="group absolute inset-0 grid place-items-center focus-visible:-outline-offset-4"
      >
        <span
          className={`grid size-14 place-items-center rounded-full bg-black/65 text-white transition-opacity ${
            running ? "opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100" : ""
          }`}
        >
          {running ? <Pause aria-hidden="true" /> : <Play className="fill-current" aria-hidden="true" />}
        </span>
      </button>
      <span aria-hidden="true" className={`${badge} pointer-events-none right-2.5 bottom-2.5`}>
        GIF
      </span>
    </>
  );
}
