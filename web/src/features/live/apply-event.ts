/** What the live connection tells, written into the query cache. */
import type { QueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import type { Me, Notification, TimelineItem } from "@/api/types";
import { mediaNews } from "@/domain/media/news";
import { refreshMedia } from "@/domain/media/refresh";
import { arrive, catchUp } from "@/domain/posts/arrivals";
import { holdsPost, patchCounts, patchEdit, postKeys } from "@/domain/posts/cache";
import { dropPost } from "@/domain/posts/gone";
import { afterSettling } from "@/domain/settling";
import { unreadKey } from "@/domain/unread";
import { refreshPeopleSoon, userKeys } from "@/domain/users/cache";
import type { MediaProgress, StreamEvent } from "@/stream/client";

/** Asks for a post that is on some list, for its counts. What is gone or out of reach by then keeps the ones it has. */
function refreshCountsSoon(client: QueryClient, id: string): void {
  if (!holdsPost(client, id)) return;
  afterSettling(`post:${id}`, () => {
    unwrap(api.GET("/v1/posts/{post_id}", { params: { path: { post_id: id } } })).then(
      (post) => patchCounts(client, post),
      () => undefined,
    );
  });
}

/** Brings what is on the page up to what a notification tells. */
function showAct(client: QueryClient, { type, post, actors }: Notification): void {
  if (post) patchCounts(client, post);
  if (post && (type === "like" || type === "repost")) refreshCountsSoon(client, post.id);
  if (post?.reply_to_id && type === "reply") refreshCountsSoon(client, post.reply_to_id);
  if (post?.quote_of_id && type === "quote") refreshCountsSoon(client, post.quote_of_id);
  const [newest] = actors;
  if (newest && type.startsWith("follow")) refreshPeopleSoon(client, newest.username);
}

function applyNotification(client: QueryClient, news: Notification & { unread_count: number }): void {
  showAct(client, news);
  client.setQueryData(unreadKey, news.unread_count);
  void client.invalidateQueries({ queryKey: postKeys.notifications });
  if (news.type === "follow_request") void client.invalidateQueries({ queryKey: userKeys.lists("requests") });
}

function applyMedia(client: QueryClient, { id, post_id }: MediaProgress): void {
  mediaNews.tell(id);
  if (post_id) void refreshMedia(client, post_id);
}

function applyEntry(client: QueryClient, item: TimelineItem): void {
  const me = client.getQueryData<Me>(userKeys.me);
  const by = item.reposted_by ?? item.author;
  arrive(client, item, by.id === me?.id);
}

/** An event that this version does not know changes nothing. */
export function applyEvent(client: QueryClient, event: StreamEvent): void {
  switch (event.event) {
    case "post.created":
    case "repost.created":
      applyEntry(client, event.data);
      break;
    case "post.edited":
      if (holdsPost(client, event.data.id)) patchEdit(client, event.data);
      break;
    case "post.deleted":
      if (holdsPost(client, event.data.id)) dropPost(client, event.data.id);
      break;
    case "notification.created":
      applyNotification(client, event.data);
      break;
    case "media.updated":
      applyMedia(client, event.data);
  }
}

/** Events were lost: asks for what they would have told. */
export function applyGap(client: QueryClient, channels: string[]): void {
  // Offline again in between: the next gap or reload makes up for it.
  if (channels.includes("home")) {
    void catchUp(client).catch(() => undefined);
    void client.invalidateQueries({ queryKey: postKeys.threads });
  }
  if (channels.includes("notifications")) {
    void client.invalidateQueries({ queryKey: unreadKey });
    void client.invalidateQueries({ queryKey: postKeys.notifications });
  }
}
