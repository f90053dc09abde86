import { createStore } from "@/lib/store";
import type { StreamStatus } from "./client";

export const streamStatus = createStore<StreamStatus>("offline");
