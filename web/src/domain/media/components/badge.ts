/** Small words on top of a picture: legible on any. */
export const badge =
  "absolute rounded-md bg-black/75 px-1.5 py-0.5 text-[12px] leading-4.5 font-bold tracking-wide text-white";

/** A badge to be pressed: large enough for a finger. */
export const chip =
  "absolute flex items-center gap-1 rounded-lg bg-black/75 px-2 py-1 text-[13px] font-bold text-white hover:bg-black focus-visible:outline-white [&_svg]:size-3.5";
