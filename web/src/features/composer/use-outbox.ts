import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { useMe } from "@/domain/users/cache";
import { streamStatus } from "@/stream/status";
import { sendPost } from "./api/send-post";
import { showCreated } from "./api/show-created";
import { useSentToast } from "./api/use-submit-post";
import { outbox, type Waiting } from "./outbox";

/** Sends what waits whenever there may be a connection, for as long as somebody is signed in. */
export function useOutbox(): void {
  const client = useQueryClient();
  const tell = useSentToast();
  const userId = useMe()?.id;
  const send = useEffectEvent(async (waiting: Waiting, owner: string) => {
    const post = await sendPost(waiting, owner);
    showCreated(client, waiting.target, post);
    tell(waiting.target.mode, post);
  });
  useEffect(() => {
    if (!userId) return;
    const stop = outbox.start(userId, (waiting, owner) => send(waiting, owner));
    const wake = () => outbox.wake();
    const read = () => outbox.read();
    const stopStatus = streamStatus.subscribe(() => streamStatus.get() === "live" && wake());
    window.addEventListener("online", wake);
    window.addEventListener("storage", read);
    return () => {
      stopStatus();
      window.removeEventListener("online", wake);
      window.removeEventListener("storage", read);
      stop();
    };
  }, [userId]);
}
