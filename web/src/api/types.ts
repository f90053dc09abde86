/** The API's own names, taken from the schema that the server generates. Nothing here is written by hand. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type UserBrief = Schemas["UserBrief"];
export type User = Schemas["User"];
export type Me = Schemas["Me"];
export type Relationship = Schemas["Relationship"];
export type AuthGrant = Schemas["AuthGrant"];
export type Session = Schemas["Session"];
export type Post = Schemas["Post"];
export type QuotedPost = Schemas["QuotedPost"];
export type Entities = Schemas["Entities"];
export type TimelineItem = Schemas["TimelineItem"];
export type Thread = Schemas["Thread"];
export type PostRevision = Schemas["PostRevision"];
export type Notification = Schemas["Notification"];
export type Problem = Schemas["Problem"];

/** One page of a list, as every list endpoint answers it. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}
