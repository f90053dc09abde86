import * as Radix from "@radix-ui/react-dialog";
import { useLocation, useRouter } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight, Plus, X, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import type { MediaAttachment } from "@/api/types";
import { cx } from "@/lib/cx";
import { useStore } from "@/lib/store";
import { useMedia } from "@/ui/use-media";
import { type Lightbox, lightbox } from "../lightbox";
import { LightboxSlide } from "./lightbox-slide";

export default function LightboxDialog() {
  const router = useRouter();
  const shown = useStore(lightbox);
  const inHistory = useLocation({ select: ({ state }) => state.lightbox === true });
  const stepped = useRef(false);
  const afterwards = useRef<() => void>(undefined);
  useEffect(() => {
    // Opened one step ahead of the router; gone once that step has been taken back.
    if (inHistory) stepped.current = true;
    else if (stepped.current) {
      lightbox.set(null);
      afterwards.current?.();
    }
  }, [inHistory]);
  const leaveToDescribe = (mediaId: string) => {
    afterwards.current = () => shown?.onDescribe?.(mediaId);
    // The focus goes on to what comes next.
    lightbox.set(shown && { ...shown, opener: null });
    router.history.back();
  };
  return shown && <Opened shown={shown} onDescribe={shown.onDescribe && leaveToDescribe} />;
}

const steps: Record<string, (index: number, count: number) => number> = {
  ArrowRight: (index) => index + 1,
  ArrowLeft: (index) => index - 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

interface OpenedProps {
  shown: Lightbox;
  /** Absent for who may only read descriptions. */
  onDescribe: ((mediaId: string) => void) | undefined;
}

function Opened({ shown, onDescribe }: OpenedProps) {
  const { images, opener } = shown;
  const router = useRouter();
  const track = useRef<HTMLElement>(null);
  /** The dialog puts it into the page after our own effects have run. */
  const begin = useCallback(
    (element: HTMLElement | null) => {
      track.current = element;
      scrollTo(element, shown.index, "instant");
    },
    [shown.index],
  );
  const [index, setIndex] = useState(shown.index);
  /** Where a key or a button leads, ahead of a scroll that is under way; null once it has arrived. */
  const heading = useRef<number | null>(null);
  const [zoomed, setZoomed] = useState(false);
  const still = useMedia("(prefers-reduced-motion: reduce)");
  const current = images[index] as MediaAttachment;

  const show = (next: number) => {
    if (next < 0 || next >= images.length) return;
    setZoomed(false);
    setIndex(next);
    heading.current = slideAt(track.current, images.length) === next ? null : next;
    scrollTo(track.current, next, still ? "instant" : "smooth");
  };
  /** What scrolls to a goal passes slides that were not asked for. */
  const onScroll = () => {
    const place = slideAt(track.current, images.length);
    if (heading.current === place) heading.current = null;
    if (!zoomed && heading.current === null) setIndex(place);
  };
  const leaveToHand = () => {
    heading.current = null;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = steps[event.key];
    if (step) show(step(heading.current ?? index, images.length));
    else if (event.key === "+" || event.key === "-") setZoomed(event.key === "+");
    else return;
    event.preventDefault();
  };
  const name = images.length > 1 ? `Image ${index + 1} of ${images.length}` : "Image";
  return (
    <Radix.Root open onOpenChange={() => router.history.back()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-60 animate-fade-in bg-black" />
        <Radix.Content
          onKeyDown={onKeyDown}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            opener?.focus({ preventScroll: true });
          }}
          className="fixed inset-0 z-60 flex flex-col text-white outline-none"
        >
          <Radix.Title className="sr-only">{name}</Radix.Title>
          <Radix.Description className="sr-only">{current.alt || "Without a description"}</Radix.Description>
          <section
            ref={begin}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
            tabIndex={0}
            aria-label="Images"
            onScroll={onScroll}
            onPointerDown={leaveToHand}
            onWheel={leaveToHand}
            className={cx(
              "flex min-h-0 flex-1 snap-x snap-mandatory outline-none [scrollbar-width:none]",
              zoomed ? "overflow-hidden" : "overflow-x-auto overflow-y-hidden",
            )}
          >
            {images.map((image, place) => (
              <LightboxSlide
                key={image.id}
                image={image}
                near={Math.abs(place - index) <= 1}
                zoomed={zoomed && place === index}
                onZoom={setZoomed}
                onClose={() => router.history.back()}
              />
            ))}
          </section>
          <Controls>
            <Radix.Close asChild>
              <RoundButton label="Close" icon={<X />} />
            </Radix.Close>
            <span className="ml-auto" />
            <RoundButton
              label={zoomed ? "Zoom out" : "Zoom in"}
              icon={zoomed ? <ZoomOut /> : <ZoomIn />}
              onClick={() => setZoomed(!zoomed)}
            />
          </Controls>
          {index > 0 && (
            <RoundButton
              label="Previous image"
              icon={<ChevronLeft />}
              onClick={() => show(index - 1)}
              className="absolute top-1/2 left-3 -mt-5 hidden sm:grid"
            />
          )}
          {index < images.length - 1 && (
            <RoundButton
              label="Next image"
              icon={<ChevronRight />}
              onClick={() => show(index + 1)}
              className="absolute top-1/2 right-3 -mt-5 hidden sm:grid"
            />
          )}
          <Caption
            image={current}
            name={name}
            count={images.length}
            index={index}
            onDescribe={onDescribe && (() => onDescribe(current.id))}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function scrollTo(track: HTMLElement | null, index: number, behavior: ScrollBehavior): void {
  track?.scrollTo({ left: index * track.clientWidth, behavior });
}

const slideAt = (track: HTMLElement | null, count: number) =>
  Math.min(
    count - 1,
    Math.max(0, Math.round((track?.scrollLeft ?? 0) / Math.max(1, track?.clientWidth ?? 1))),
  );

function Controls({ children }: { children: ReactNode }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 top-0 flex gap-2 p-3 pt-[max(12px,env(safe-area-inset-top))] *:pointer-events-auto">
      {children}
    </div>
  );
}

interface RoundButtonProps {
  label: string;
  icon: ReactNode;
  onClick?: () => void;
  className?: string;
}

function RoundButton({ label, icon, className, ...rest }: RoundButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        "size-10 place-items-center rounded-full bg-black/60 text-white transition-colors hover:bg-white/20",
        "focus-visible:outline-white",
        className ?? "grid",
      )}
    >
      {icon}
    </button>
  );
}

interface CaptionProps {
  image: MediaAttachment;
  name: string;
  index: number;
  count: number;
  onDescribe: (() => void) | undefined;
}

function Caption({ image, name, index, count, onDescribe }: CaptionProps) {
  if (!image.alt && count === 1 && !onDescribe) return null;
  return (
    <div className="mx-auto max-h-[28vh] w-full max-w-180 overflow-y-auto px-5 py-3 pb-[max(14px,env(safe-area-inset-bottom))] text-center">
      {count > 1 && (
        <p aria-hidden="true" className="text-[13px] text-white/75 tabular-nums">
          {index + 1} / {count}
        </p>
      )}
      {image.alt && (
        <p dir="auto" className="mt-0.5 text-[15px] whitespace-pre-wrap">
          {image.alt}
        </p>
      )}
      {!image.alt && onDescribe && (
        <button
          type="button"
          onClick={onDescribe}
          className="mt-1.5 inline-flex items-center gap-1.5 rounded-full bg-white/15 px-3.5 py-1.5 text-[14px] font-semibold hover:bg-white/25 focus-visible:outline-white [&_svg]:size-4"
        >
          <Plus aria-hidden="true" /> Add description
        </button>
      )}
      {count > 1 && (
        <p role="status" className="sr-only">
          {name}
        </p>
      )}
    </div>
  );
}
