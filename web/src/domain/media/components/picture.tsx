import { useState } from "react";
import type { MediaAttachment } from "@/api/types";
import { cx } from "@/lib/cx";
import { objectPosition, srcSetOf } from "../layout";
import { Placeholder } from "./placeholder";

type Shape = Pick<MediaAttachment, "url" | "width" | "height" | "sizes" | "placeholder" | "color">;

interface PictureProps {
  media: Shape & Partial<Pick<MediaAttachment, "poster_url" | "focus">>;
  /** How wide it is shown, as the attribute of that name has it. */
  sizes: string;
  alt: string;
  /** An address may have expired: whoever shows it asks for new ones. */
  onError?: () => void;
}

/** A picture (or the poster of what moves) that fills its parent; until it is there, its placeholder does. */
export function Picture({ media, sizes, alt, onError }: PictureProps) {
  const [shown, setShown] = useState(false);
  const avif = srcSetOf(media.sizes, "image/avif");
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
          style={{ objectPosition: objectPosition(media.focus ?? null) }}
          className={cx(
            "absolute inset-0 size-full object-cover transition-opacity duration-200",
            !shown && "opacity-0",
          )}
        />
      </picture>
    </>
  );
}
