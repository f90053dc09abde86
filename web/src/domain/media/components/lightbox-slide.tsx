import { type MouseEvent, type PointerEvent, useLayoutEffect, useRef } from "react";
import type { MediaAttachment } from "@/api/types";
import { cx } from "@/lib/cx";
import { srcSetOf } from "../layout";

interface LightboxSlideProps {
  image: MediaAttachment;
  /** Shown or next to it: loaded already, so that it is there when it is turned to. */
  near: boolean;
  zoomed: boolean;
  onZoom: (zoomed: boolean) => void;
  onClose: () => void;
}

const zoomFactor = 2.5;

/** One picture as large as the window lets it be, or larger, to be dragged about. */
export function LightboxSlide({ image, near, zoomed, onZoom, onClose }: LightboxSlideProps) {
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLImageElement>(null);
  /** Where to zoom in, as shares of the picture. */
  const target = useRef({ x: 0.5, y: 0.5 });
  const dragged = useRef(false);

  useLayoutEffect(() => {
    const box = frame.current;
    const shown = picture.current;
    if (!zoomed || !box || !shown) return;
    const fitted = Math.min(
      box.clientWidth,
      (box.clientHeight * shown.naturalWidth) / (shown.naturalHeight || 1),
    );
    shown.style.width = `${fitted * zoomFactor}px`;
    box.scrollTo({
      left: target.current.x * shown.offsetWidth - box.clientWidth / 2,
      top: target.current.y * shown.offsetHeight - box.clientHeight / 2,
      behavior: "instant",
    });
    return () => {
      shown.style.width = "";
    };
  }, [zoomed]);

  const toggle = (event: MouseEvent<HTMLImageElement>) => {
    event.stopPropagation();
    if (dragged.current) return;
    const box = event.currentTarget.getBoundingClientRect();
    target.current = { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
    onZoom(!zoomed);
  };
  /** Fingers scroll by themselves. */
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === "pointerdown") dragged.current = false;
    if (!zoomed || event.pointerType !== "mouse" || event.buttons !== 1 || event.type === "pointerdown")
      return;
    dragged.current ||= Math.abs(event.movementX) + Math.abs(event.movementY) > 1;
    event.currentTarget.scrollBy({ left: -event.movementX, top: -event.movementY, behavior: "instant" });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: Escape closes as well
    <div
      ref={frame}
      onClick={onClose}
      onPointerDown={drag}
      onPointerMove={drag}
      className={cx(
        "flex size-full shrink-0 snap-center [scrollbar-width:none]",
        zoomed ? "overflow-auto" : "overflow-hidden",
      )}
    >
      {near && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: "+" and a button zoom as well
        <img
          ref={picture}
          src={image.url ?? undefined}
          srcSet={srcSetOf(image.sizes, "image/webp")}
          sizes={zoomed ? "250vw" : "100vw"}
          alt={image.alt}
          draggable={false}
          // A small picture is not blown up.
          style={zoomed || !image.width ? {} : { maxWidth: `min(100%, ${image.width}px)` }}
          onClick={toggle}
          className={cx(
            "m-auto select-none",
            zoomed ? "max-w-none cursor-zoom-out" : "max-h-full max-w-full cursor-zoom-in object-contain",
          )}
        />
      )}
    </div>
  );
}
