/** The ways to look at what was found; the address carries all but the first. */
export const searchTabs = ["top", "latest", "people", "hashtags"] as const;
export type SearchTab = (typeof searchTabs)[number];

export const tabOf = (value: unknown): SearchTab => searchTabs.find((tab) => tab === value) ?? "top";
