import { type QueryClient, useIsMutating, useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, unwrap } from "@/api/client";
import { isApiError } from "@/api/problem";
import type { Post } from "@/api/types";
import type { ComposeTarget } from "@/domain/composing";
import { patchCounts, patchEdit } from "@/domain/posts/cache";
import { dropGone, isGone } from "@/domain/posts/gone";
import { toast } from "@/ui/toaster";
import { attemptKey, forgetAttempt } from "../attempts";
import { draftKey } from "../drafts";
import { type Outgoing, type OutgoingMedia, outbox } from "../outbox";
import { sendPost } from "./send-post";
import { showCreated } from "./show-created";

export interface Draft {
  content: string;
  /** Settles once the server has accepted what is attached. */
  media: () => Promise<OutgoingMedia[]>;
}

/** The new post; null where there is no connection, and it waits for one. */
async function sendOrHold(outgoing: Outgoing, userId: string): Promise<Post | null> {
  const triedAt = navigator.onLine ? Date.now() : null;
  try {
    if (triedAt) return await sendPost(outgoing, userId);
  } catch (error) {
    if (!isApiError(error, 0)) throw error;
  }
  outbox.hold(userId, outgoing, triedAt);
  return null;
}

const saveEdit = (id: string, content: string) =>
  unwrap(api.PATCH("/v1/posts/{post_id}", { params: { path: { post_id: id } }, body: { content } }));

function showEdited(client: QueryClient, post: Post): void {
  patchCounts(client, post);
  patchEdit(client, post);
}

const done = {
  new: "Your post is out",
  reply: "Your reply is out",
  quote: "Your quote is out",
  edit: "Saved",
} as const;

/** Says that something is done, and leads to it. */
export function useSentToast() {
  const navigate = useNavigate();
  return (mode: ComposeTarget["mode"], post: Post) => {
    const params = { username: post.author.username, postId: post.id };
    toast.info(done[mode], {
      label: "View",
      run: () => void navigate({ to: "/@{$username}/posts/$postId", params }),
    });
  };
}

const sendingKey = (draft: string) => ["send", draft];

/** Whether a draft is on its way, from here or from another field that shows it. */
export const useIsSending = (draft: string) => useIsMutating({ mutationKey: sendingKey(draft) }) > 0;

/**
 * Sends a draft, or keeps it to be sent where there is no connection; an edit needs one. `onSent` forgets the draft, also
 * when the field has been closed meanwhile.
 */
export function useSubmitPost(userId: string, target: ComposeTarget, onSent: (content: string) => void) {
  const client = useQueryClient();
  const tell = useSentToast();
  const draft = draftKey(userId, target);
  return useMutation({
    mutationKey: sendingKey(draft),
    // Otherwise it would wait for a connection here, without a word and only as long as this page.
    networkMode: "always",
    mutationFn: async ({ content, media }: Draft) => {
      if (target.mode === "edit") return saveEdit(target.post.id, content);
      const settled = await media();
      const key = attemptKey(draft, { content, media: settled });
      return sendOrHold({ key, target, content, media: settled }, userId);
    },
    onError: (error) => {
      if (target.mode !== "new" && isGone(error)) dropGone(client, target.post.id);
    },
    onSuccess: (post, { content }) => {
      forgetAttempt(draft);
      onSent(content);
      if (!post) return toast.info("Will be sent when you are back online");
      if (target.mode === "edit") showEdited(client, post);
      else showCreated(client, target, post);
      tell(target.mode, post);
    },
  });
}
