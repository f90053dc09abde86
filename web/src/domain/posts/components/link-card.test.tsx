import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CardImage, LinkCard, Post } from "@/api/types";
import { isWide, LinkCardView, showsCard } from "./link-card";

const card: LinkCard = {
  url: "https://example.org/nest",
  host: "example.org",
  title: "A nest",
  description: null,
  site_name: "The birds",
  image: null,
};
const image: CardImage = {
  url: "/media/1-large.webp",
  width: 1200,
  height: 630,
  sizes: [
    { url: "/media/1-small.webp", width: 400, height: 210, type: "image/webp" },
    { url: "/media/1-large.webp", width: 1200, height: 630, type: "image/webp" },
  ],
  placeholder: "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
  color: "#aa8855",
};
const post = (change: Partial<Post>) => ({ card, media: [], quote_of: null, ...change }) as unknown as Post;

beforeEach(() => void vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null)); // jsdom draws nothing
afterEach(cleanup);

describe("LinkCardView", () => {
  it("leads to where the card says, and names the host that answered", () => {
    render(<LinkCardView card={card} />);
    const link = screen.getByRole("link", { name: "example.org A nest" });
    expect(link.getAttribute("href")).toBe("https://example.org/nest");
    expect(link.getAttribute("rel")).toContain("nofollow");
  });

  it("is no link where the address is none that a browser should follow", () => {
    render(<LinkCardView card={{ ...card, url: "javascript:alert(1)" }} />);
    expect(screen.queryByRole("link")).toBeNull();
    expect(screen.getByText("A nest")).toBeTruthy();
  });

  it("has no picture where the page has none, or none yet", () => {
    const { container } = render(<LinkCardView card={card} />);
    expect(container.querySelector("img")).toBeNull();
  });

  it("shows a picture as a decoration: its words are the link's name", () => {
    const { container } = render(<LinkCardView card={{ ...card, image }} />);
    expect(screen.getByRole("link", { name: "example.org A nest" })).toBeTruthy();
    const picture = container.querySelector("img");
    expect(picture?.getAttribute("alt")).toBe("");
    expect(picture?.getAttribute("loading")).toBe("lazy");
    expect(picture?.getAttribute("src")).toBe("/media/1-large.webp");
    expect(picture?.getAttribute("srcset")).toBe("/media/1-small.webp 400w, /media/1-large.webp 1200w");
  });

  it("keeps its placeholder until the picture is there, and when it does not come", () => {
    const { container } = render(<LinkCardView card={{ ...card, image }} />);
    const picture = container.querySelector("img") as HTMLImageElement;
    expect(container.querySelector("canvas")).not.toBeNull();
    fireEvent.error(picture);
    expect(container.querySelector("canvas")).not.toBeNull();
    fireEvent.load(picture);
    expect(container.querySelector("canvas")).toBeNull();
  });

  it("stands a wide picture above the words and a square one beside them", () => {
    const { rerender } = render(<LinkCardView card={{ ...card, image }} />);
    expect(screen.getByRole("link").className).toContain("flex-col");
    rerender(<LinkCardView card={{ ...card, image: { ...image, width: 400, height: 400 } }} />);
    expect(screen.getByRole("link").className).not.toContain("flex-col");
  });
});

describe("isWide", () => {
  it.each([
    [1200, 630, true],
    [640, 480, true],
    [480, 360, true],
    [400, 210, false],
    [1200, 1200, false],
    [800, 1200, false],
    [64, 64, false],
  ])("%i x %i: %s", (width, height, expected) => expect(isWide({ width, height })).toBe(expected));
});

describe("showsCard", () => {
  it("leaves the card out beside media or a quote", () => {
    expect(showsCard(post({}))).toBe(true);
    expect(showsCard(post({ card: null }))).toBe(false);
    expect(showsCard(post({ media: [{} as Post["media"][number]] }))).toBe(false);
    expect(showsCard(post({ quote_of: { id: "1", unavailable: "deleted", post: null } }))).toBe(false);
  });
});
