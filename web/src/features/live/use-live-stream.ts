import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, unwrap } from "@/api/client";
import { session } from "@/api/session";
import type { Me, Notification } from "@/api/types";
import { mediaNews } from "@/domain/media/news";
import { refreshMedia } from "@/domain/media/refresh";
import { arrive, catchUp } from "@/domain/posts/arrivals";
import { holdsPost, patchCounts, postKeys } from "@/domain/posts/cache";
import { afterSettling } from "@/domain/settling";
import { unreadKey } from "@/domain/unread";
import { refreshPeopleSoon, userKeys, useSessionStatus } from "@/domain/users/cache";
import { StreamClient, type StreamEvent } from "@/stream/client";
import { streamStatus } from "@/stream/status";

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
function applyNotification(client: QueryClient, { type, post, actors }: Notification): void {
  if (post) patchCounts(client, post);
  if (post && (type === "like" || type === "repost")) refreshCountsSoon(client, post.id);
  if (post?.reply_to_id && type === "reply") refreshCountsSoon(client, post.reply_to_id);
  if (post?.quote_of_id && type === "quote") refreshCountsSoon(client, post.quote_of_id);
  const [newest] = actors;
  if (newest && type.startsWith("follow")) refreshPeopleSoon(client, newest.username);
}

function handleEvent(client: QueryClient, event: StreamEvent): void {
  if (event.channel === "media") {
    mediaNews.tell(event.data.id);
    if (event.data.post_id) void refreshMedia(client, event.data.post_id);
    return;
  }
  if (event.channel === "home") {
    const me = client.getQueryData<Me>(userKeys.me);
    const by = event.data.reposted_by ?? event.data.author;
    arrive(client, event.data, by.id === me?.id);
    return;
  }
  applyNotification(client, event.data);
  client.setQueryData(unreadKey, event.data.unread_count);
  void client.invalidateQueries({ queryKey: postKeys.notifications });
  if (event.data.type === "follow_request")
    void client.invalidateQueries({ queryKey: userKeys.lists("requests") });
}

function handleGap(client: QueryClient, channels: string[]): void {
  // Offline again in between: the next gap or reload makes up for it.
  if (channels.includes("home")) void catchUp(client).catch(() => undefined);
  if (channels.includes("notifications")) {
    void client.invalidateQueries({ queryKey: unreadKey });
    void client.invalidateQueries({ queryKey: postKeys.notifications });
  }
}

const streamUrl = () => `${location.origin.replace(/^http/, "ws")}/v1/stream`;

/** Keeps the live connection for as long as somebody is signed in, and writes what comes into the query cache. */
export function useLiveStream(): void {
  const client = useQueryClient();
  const signedIn = useSessionStatus() === "signed-in";
  useEffect(() => {
    if (!signedIn) return;
    const stream = new StreamClient({
      url: streamUrl(),
      channels: ["home", "notifications", "media"],
      token: (refused) => (refused ? session.refresh() : session.token()),
      onEvent: (event) => handleEvent(client, event),
      onGap: (channels) => handleGap(client, channels),
      onStatus: streamStatus.set,
    });
    const wake = () => document.visibilityState === "visible" && stream.wake();
    const stopGrants = session.onGrant((_, token) => stream.reauthenticate(token));
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    stream.start();
    return () => {
      stopGrants();
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
      stream.stop();
    };
  }, [client, signedIn]);
}
