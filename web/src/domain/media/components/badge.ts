/** Small words on top of a picture: legible on any. */
export const badge =
  "absolute rounded-md bg-black/75 px-1.5 py-0.5 text-[12px] leading-4.5 font-bold tracking-wide text-white";
