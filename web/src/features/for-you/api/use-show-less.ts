import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { messageOf } from "@/api/problem";
import { postKeys } from "@/domain/posts/cache";
import { dropGone, isGone } from "@/domain/posts/gone";
import { toggles } from "@/lib/toggle-queue";
import { toast } from "@/ui/toaster";
import { hide, type Place, placeOf, putBack } from "../hiding";
import type { RankedPages } from "./use-for-you";
import { rankingKey } from "./use-ranking";

const path = "/v1/timelines/for-you/less/{post_id}";

function send(postId: string, less: boolean): Promise<unknown> {
  const params = { params: { path: { post_id: postId } } };
  return unwrap(less ? api.PUT(path, params) : api.DELETE(path, params));
}

/** Takes the post out of the list, or puts it back. */
export function show(client: QueryClient, place: Place, hidden: boolean): void {
  // A page that is on its way would bring back the list as it was when it was asked for.
  void client.cancelQueries({ queryKey: postKeys.forYou });
  client.setQueryData<RankedPages>(postKeys.forYou, (pages) =>
    hidden ? hide(pages, place.item.id) : putBack(pages, place),
  );
}

function request(client: QueryClient, place: Place, less: boolean): void {
  const { id } = place.item;
  void toggles.request(`less:${id}`, less, {
    initial: !less,
    show: (hidden) => show(client, place, hidden),
    send: (wanted) => send(id, wanted),
    settled: () => void client.invalidateQueries({ queryKey: rankingKey }),
    failed: (error) => (isGone(error) ? dropGone(client, id) : toast.error(messageOf(error))),
  });
}

/** "Show less like this": the post is gone at once, and comes back to its place by Undo. */
export function useShowLess(postId: string): () => void {
  const client = useQueryClient();
  return () => {
    const place = placeOf(client.getQueryData<RankedPages>(postKeys.forYou), postId);
    if (!place) return;
    request(client, place, true);
    toast.info("You will see less like this", { label: "Undo", run: () => request(client, place, false) });
  };
}
