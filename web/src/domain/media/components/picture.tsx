import { useState } from "react";
import type { MediaAttachment } from "@/api/types";
import { cx } from "@/lib/cx";
import { type Cell, objectPosition, sizesFor, srcSetOf } from "../layout";
import { Placeholder } from "./placeholder";

interface PictureProps {
  media: MediaAttachment;
  cell: Cell;
  alt: string;
  /** An address may have expired: whoever shows it asks for new ones. */
  onError: () => void;
}

/** A picture (or the poster of what moves) that fills its parent; until it is there, its placeholder does. */
export function Picture({ media, cell, alt, onError }: PictureProps) {
  const [shown, setShown] = useState(false);
  const avif = srcSetOf(media.sizes, "image/avif");
  const sizes = sizesFor(cell);
  return (
    <>
      {!shown && <Placeholder hash={media.placeholder} color={media.color} />}
      <picture>
        {avif && <source type="image/avif" srcSet={avif} sizes={sizes} />}
        <img
          ref={(image) => {
            if (image?.complete && image.naturalWidth > 0) setShown(true);
          }}
          src={media.poster_url ?? media.url ?? undefined}
          srcSet={srcSetOf(media.sizes, "image/webp")}
          sizes={sizes}
          width={media.width ?? undefined}
          height={media.height ?? undefined}
          alt={alt}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setShown(true)}
          onError={onError}
          style={{ objectPosition: objectPosition(media.focus) }}
          className={cx(
            "absolute inset-0 size-full object-cover transition-opacity duration-200",
            !shown && "opacity-0",
          )}
        />
      </picture>
    </>
  );
}
