import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { session } from "@/api/session";
import { useSessionStatus } from "@/domain/users/cache";
import { StreamClient } from "@/stream/client";
import { streamStatus } from "@/stream/status";
import { applyEvent, applyGap } from "./apply-event";

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
      onEvent: (event) => applyEvent(client, event),
      onGap: (channels) => applyGap(client, channels),
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
