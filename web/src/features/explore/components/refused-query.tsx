import type { QueryRefusal } from "@/domain/search/refusal";

/** Shows the place that cannot be read, and says in plain words why. */
export function RefusedQuery({ id, refusal }: { id: string; refusal: QueryRefusal }) {
  const { before, part, after, text } = refusal;
  return (
    <div id={id} role="alert" className="border-t border-line bg-danger-soft px-5 py-2.5 text-[14.5px]">
      <p dir="auto" className="font-mono text-[14px] whitespace-pre-wrap">
        {before}
        <span
          data-refused
          className="rounded-[3px] bg-danger/15 font-semibold text-danger underline decoration-wavy decoration-2 underline-offset-4"
        >
          {part || "\u00a0\u00a0"}
        </span>
        {after}
      </p>
      <p className="mt-1 font-medium text-danger">{text}</p>
    </div>
  );
}
