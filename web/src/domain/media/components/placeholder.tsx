import { decode } from "blurhash";
import { useLayoutEffect, useRef } from "react";

/** Pixels of a side; the browser blurs it further when it stretches them. */
const side = 32;

/** What a picture roughly looks like (BlurHash), until it is there. Fills its parent. */
export function Placeholder({ hash, color }: { hash: string | null; color: string | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !hash) return;
    const pixels = context.createImageData(side, side);
    pixels.data.set(decode(hash, side, side));
    context.putImageData(pixels, 0, 0);
  }, [hash]);
  return (
    <span aria-hidden="true" className="absolute inset-0 bg-line" style={color ? { background: color } : {}}>
      {hash && <canvas ref={canvas} width={side} height={side} className="size-full" />}
    </span>
  );
}
