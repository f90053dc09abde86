/** The outline of posts while they load. */
export function PostSkeletons({ count = 6 }: { count?: number }) {
  return (
    <div role="status" aria-label="Loading posts">
      {Array.from({ length: count }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
        <div key={row} className="flex gap-3 border-b border-line px-4 py-3">
          <span className="skeleton size-11 shrink-0 rounded-full" />
          <span className="flex-1 space-y-2.5 pt-1">
            <span className="skeleton block h-4 w-2/5" />
            <span className="skeleton block h-4 w-full" />
            <span className="skeleton block h-4 w-3/4" />
            <span className="flex justify-between pt-2">
              <span className="skeleton block h-3.5 w-72" />
            </span>
          </span>
        </div>
      ))}
    </div>
  );
}
