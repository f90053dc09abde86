import { type InfiniteData, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { messageOf } from "@/api/problem";
import type { Me, Page, Relationship, TimelineItem, UserBrief } from "@/api/types";
import { toggles } from "@/lib/toggle-queue";
import { toast } from "@/ui/toaster";
import { postKeys, removeAuthor } from "../posts/cache";
import { noRelationship, patchUser, refreshPeopleSoon, userKeys } from "./cache";

type Action = "follow" | "block" | "mute";

function send(action: Action, id: string, on: boolean): Promise<Relationship> {
  const params = { params: { path: { user_id: id } } };
  if (action === "follow") {
    const path = "/v1/users/me/following/{user_id}";
    return unwrap(on ? api.PUT(path, params) : api.DELETE(path, params));
  }
  if (action === "block") {
    const path = "/v1/users/me/blocks/{user_id}";
    return unwrap(on ? api.PUT(path, params) : api.DELETE(path, params));
  }
  const path = "/v1/users/me/mutes/{user_id}";
  return unwrap(on ? api.PUT(path, params) : api.DELETE(path, params));
}

/** A list with fewer posts than this is a beginner's: who has just followed somebody waits for their posts. */
const shortHome = 20;

/** Home is out of date. A short one is fetched again at once, a long one on the next visit: it must not jump. */
function refreshHome(client: QueryClient): void {
  const home = client.getQueryData<InfiniteData<Page<TimelineItem>>>(postKeys.home);
  const isShort = (home?.pages[0]?.data.length ?? 0) < shortHome;
  void client.invalidateQueries({ queryKey: postKeys.home, refetchType: isShort ? "active" : "none" });
}

/** The relationship right after an act, as far as the client can know it before the server answers. */
export function withAction(
  viewer: Relationship,
  action: Action,
  on: boolean,
  isProtected: boolean,
): Relationship {
  if (action === "mute") return { ...viewer, muting: on };
  if (action === "block") {
    return { ...viewer, blocking: on, ...(on && { following: false, followed_by: false, requested: false }) };
  }
  if (!on) return { ...viewer, following: false, requested: false };
  return isProtected ? { ...viewer, requested: true } : { ...viewer, following: true };
}

/** Follow, block and mute for one person; each shows at once, the last intention wins. */
export function useRelationship(user: UserBrief) {
  const client = useQueryClient();

  const show = (action: Action, on: boolean) => {
    let step = 0;
    patchUser(client, user.id, (shown) => {
      const before = shown.viewer ?? noRelationship;
      const after = withAction(before, action, on, shown.protected);
      step = Number(after.following) - Number(before.following);
      return { ...shown, viewer: after, followers_count: Math.max(0, shown.followers_count + step) };
    });
    const me = client.getQueryData<Me>(userKeys.me);
    if (!me || step === 0) return;
    patchUser(client, me.id, (shown) => ({
      ...shown,
      following_count: Math.max(0, shown.following_count + step),
    }));
  };

  const settle = (action: Action, viewer: Relationship) => {
    patchUser(client, user.id, (shown) => ({ ...shown, viewer }));
    void client.invalidateQueries({ queryKey: userKeys.lists(`${action}s`), refetchType: "none" });
    if (action === "follow" || viewer.blocking || viewer.muting) refreshHome(client);
    if (action !== "mute") refreshPeopleSoon(client, user.username);
    if (action === "block") void client.invalidateQueries({ queryKey: ["posts", "user", user.id] });
    if (viewer.blocking || viewer.muting) removeAuthor(client, user.id);
  };

  const request = (action: Action, on: boolean) =>
    toggles.request<Relationship>(`${action}:${user.id}`, on, {
      initial: !on,
      show: (shown) => show(action, shown),
      send: (wanted) => send(action, user.id, wanted),
      settled: (viewer) => settle(action, viewer),
      failed: (error) => toast.error(messageOf(error)),
    });

  const withUndo = (action: Action, on: boolean, text: string) => {
    void request(action, on);
    toast.info(text, { label: "Undo", run: () => void request(action, !on) });
  };

  return {
    follow: () => void request("follow", true),
    unfollow: () => void request("follow", false),
    block: () => withUndo("block", true, `@${user.username} is blocked`),
    unblock: () => void request("block", false),
    mute: () => withUndo("mute", true, `@${user.username} is muted`),
    unmute: () => void request("mute", false),
  };
}
