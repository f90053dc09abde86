import { createStore } from "@/lib/store";

/** Whether the dialog to find somebody is open. */
export const finding = createStore(false);
