/** The API's own names, taken from the schema that the server generates. Nothing here is written by hand. */
import type { components } from "./schema";

/**
 * An answer as it comes over the wire. The schema calls a field optional when the server has a default for it, which matters
 * for what we send; in what we receive every field is written out.
 */
export type Complete<T> = T extends (infer Item)[]
  ? Complete<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: Complete<Exclude<T[Key], undefined>> }
    : T;

type Schemas = { [Name in keyof components["schemas"]]: Complete<components["schemas"][Name]> };

export type UserBrief = Schemas["UserBrief"];
export type User = Schemas["User"];
export type Me = Schemas["Me"];
export type Relationship = Schemas["Relationship"];
export type AuthGrant = Schemas["AuthGrant"];
export type Session = Schemas["Session"];
export type Post = Schemas["Post"];
export type QuotedPost = Schemas["QuotedPost"];
export type MediaAttachment = Schemas["MediaAttachment"];
export type CardImage = Schemas["CardImage"];
export type LinkCard = Schemas["LinkCard"];
export type OwnMedia = Schemas["OwnMedia"];
export type Entities = Schemas["PostEntities"];
export type TimelineItem = Schemas["TimelineItem"];
export type RankedItem = Schemas["RankedItem"];
export type Why = Schemas["Why"];
export type SignalName = Why["signals"][number]["name"];
export type Ranking = Schemas["Ranking"];
export type Thread = Schemas["Thread"];
export type PostRevision = Schemas["PostRevision"];
export type Notification = Schemas["Notification"];
export type FoundPost = Schemas["FoundPost"];
export type FoundHashtag = Schemas["FoundHashtag"];
export type Typeahead = Schemas["Typeahead"];
export type Trend = Schemas["Trend"];
export type Suggestion = Schemas["Suggestion"];
/** The one answer that leaves fields out. */
export type Problem = components["schemas"]["ProblemDocument"];

/** One page of a list, as every list endpoint answers it. */
export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}
