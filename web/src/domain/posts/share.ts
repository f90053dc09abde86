import type { Post } from "@/api/types";
import { toast } from "@/ui/toaster";

export const postUrl = (post: Post) => `${location.origin}/@${post.author.username}/posts/${post.id}`;

/** Puts the post's address on the clipboard, also where the clipboard API is missing (plain http). */
export async function copyLink(post: Post): Promise<void> {
  try {
    await navigator.clipboard.writeText(postUrl(post));
  } catch {
    const field = document.createElement("textarea");
    field.value = postUrl(post);
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  toast.info("Link copied");
}
