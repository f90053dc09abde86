const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const plain = new Intl.NumberFormat("en");

/** 987, 1.2K, 3.4M: for counters beside icons. */
export const compactNumber = (value: number) => (value < 1000 ? String(value) : compact.format(value));
export const fullNumber = (value: number) => plain.format(value);
export const plural = (count: number, one: string, many = `${one}s`) => (count === 1 ? one : many);
