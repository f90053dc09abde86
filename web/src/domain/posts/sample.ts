import type { Post } from "@/api/types";

/** A post for tests, each by an author of its own. */
export const samplePost = (id: string, change: Partial<Post> = {}): Post => ({
  id,
  author: { id: `u${id}`, username: `user${id}`, display_name: "", avatar_url: null, protected: false },
  content: `post ${id}`,
  entities: { mentions: [], hashtags: [], cashtags: [], urls: [] },
  media: [],
  card: null,
  lang: null,
  reply_to_id: null,
  reply_to_author: null,
  conversation_id: id,
  quote_of_id: null,
  quote_of: null,
  created_at: "2026-01-01T00:00:00.000Z",
  edited_at: null,
  revision: 1,
  likes_count: 3,
  reposts_count: 0,
  replies_count: 0,
  quotes_count: 0,
  viewer: { liked: false, reposted: false, bookmarked: false },
  ...change,
});
