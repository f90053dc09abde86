import { createContext } from "react";
import type { Mark } from "@/lib/entities";

/** What stands out in one post's text, in the search that found it; an edit since then, or a quote, is not meant. */
export const Highlights = createContext<{ content: string; ranges: readonly Mark[] } | null>(null);
