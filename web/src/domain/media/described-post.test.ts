import { QueryClient } from "@tanstack/react-query";
import { afterEach, describe, expect, it } from "vitest";
import type { MediaAttachment, Post } from "@/api/types";
import { postKeys } from "@/domain/posts/cache";
import { describablesOf, describedPost, describePost, isDescribable } from "./described-post";
import { patchMedia } from "./refresh";

const media = (id: string, change: Partial<MediaAttachment> = {}) =>
  ({
    id,
    kind: "image",
    state: "ready",
    alt: "",
    focus: null,
    captions: [],
    sizes: [],
    ...change,
  }) as unknown as MediaAttachment;
const post = (id: string, all: MediaAttachment[], quoted: Post | null = null) =>
  ({
    id,
    content: "",
    author: { id: "1" },
    likes_count: 0,
    media: all,
    quote_of: quoted && { id: quoted.id, unavailable: null, post: quoted },
  }) as unknown as Post;

afterEach(() => describedPost.set(null));

describe("describePost", () => {
  const begun = () => describedPost.get()?.mediaId;

  it("begins where a description is missing, or where it is told to", () => {
    const shown = post("1", [media("a", { alt: "A cat" }), media("b"), media("c")]);
    describePost(shown);
    expect(begun()).toBe("b");
    describePost(shown, "c");
    expect(begun()).toBe("c");
    describePost(post("2", [media("a", { alt: "A cat" }), media("b", { alt: "A dog" })]));
    expect(begun()).toBe("a");
  });

  it("leaves out what failed, and waits for nothing", () => {
    const mixed = post("1", [media("a", { state: "failed" }), media("b", { state: "processing" })]);
    expect(describablesOf(mixed).map(({ key }) => key)).toEqual(["b"]);
    expect(isDescribable(mixed)).toBe(true);
    const failed = post("2", [media("a", { state: "failed" })]);
    expect(isDescribable(failed)).toBe(false);
    describePost(failed);
    expect(begun()).toBeUndefined();
  });
});

describe("patchMedia", () => {
  it("reaches the post and its quotes in every list, and nothing beside it", () => {
    const client = new QueryClient();
    const described = post("1", [media("a"), media("b")]);
    client.setQueryData(postKeys.one("1"), described);
    const quoting = post("2", [], described);
    client.setQueryData(postKeys.likes, [quoting, post("3", [media("c")])]);
    patchMedia(client, "1", "b", (each) => ({ ...each, alt: "A dog" }));
    const [quote, other] = client.getQueryData<Post[]>(postKeys.likes) ?? [];
    for (const shown of [client.getQueryData<Post>(postKeys.one("1")), quote?.quote_of?.post])
      expect(shown?.media.map(({ alt }) => alt)).toEqual(["", "A dog"]);
    expect(other?.media[0]?.alt).toBe("");
  });
});
