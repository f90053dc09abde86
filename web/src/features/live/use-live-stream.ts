import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { session } from "@/api/session";
import type { Me } from "@/api/types";
import { arrive, catchUp } from "@/domain/posts/arrivals";
import { postKeys } from "@/domain/posts/cache";
import { unreadKey } from "@/domain/unread";
import { userKeys, useSessionStatus } from "@/domain/users/cache";
import { StreamClient, type StreamEvent } from "@/stream/client";
import { streamStatus } from "@/stream/status";

function handleEvent(client: QueryClient, event: StreamEvent): void {
  if (event.channel === "home") {
    const me = client.getQueryData<Me>(userKeys.me);
    const by = event.data.reposted_by ?? event.data.author;
    arrive(client, event.data, by.id === me?.id);
    return;
  }
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
      channels: ["home", "notifications"],
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
