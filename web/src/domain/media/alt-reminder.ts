import { storage } from "@/lib/storage";
import { createStore } from "@/lib/store";

const key = "alt-reminder";

/** Whether this browser asks before pictures without a description are posted. */
export const altReminder = createStore(storage.get(key) !== "off");

export function setAltReminder(on: boolean): void {
  storage.set(key, on ? "on" : "off");
  altReminder.set(on);
}
