/** Options that every cursor list shares: the first page has no cursor, the last one names no next. */
export const byCursor = {
  initialPageParam: null as string | null,
  getNextPageParam: (page: { next_cursor: string | null }): string | null => page.next_cursor,
};

/** Query parameters of one page. An absent cursor is left out, not sent empty. */
export const pageQuery = (cursor: string | null, limit = 20) => ({
  limit,
  ...(cursor !== null && { cursor }),
});
