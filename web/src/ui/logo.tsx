import { useId } from "react";

/** The rook's head: decorative, so the text beside it or the link around it carries the name. */
export function Logo({ className = "size-8" }: { className?: string }) {
  const gradient = useId();
  return (
    <svg viewBox="0 0 48 48" className={className} aria-hidden="true">
      <defs>
        <linearGradient id={gradient} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stopColor="#6a5af0" />
          <stop offset=".55" stopColor="#33288f" />
          <stop offset="1" stopColor="#15132c" />
        </linearGradient>
      </defs>
      <rect width="48" height="48" rx="13" fill={`url(#${gradient})`} />
      <path
        d="M8 48c-.2-7.500 1.200-13.500 4.200-19C11.300 17.500 17.500 9.500 26 9.500c5.400 0 9 3 10.300 7.200L44.500 24c.8.7.2 1.800-.8 1.700l-9.200-.9c-1.200 3.200-2 5.200-1.500 8.700.6 4.700 2.600 9.300 5.600 14.500z"
        fill="#f5f4ff"
      />
      <path
        d="M36.300 16.700 44.500 24c.8.7.2 1.800-.8 1.700l-9.200-.9c-2-1.800-2.500-5.500 1.800-8.100z"
        fill="#b9b2e8"
      />
      <circle cx="28.800" cy="17.600" r="2.300" fill="#1a1738" />
    </svg>
  );
}
