import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import type { LinkCard, Post } from "@/api/types";
import { LinkCardView, showsCard } from "./link-card";

const card: LinkCard = {
  url: "https://example.org/nest",
  host: "example.org",
  title: "A nest",
  description: null,
  site_name: "The birds",
};
const post = (change: Partial<Post>) => ({ card, media: [], quote_of: null, ...change }) as unknown as Post;

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
});

describe("showsCard", () => {
  it("leaves the card out beside media or a quote", () => {
    expect(showsCard(post({}))).toBe(true);
    expect(showsCard(post({ card: null }))).toBe(false);
    expect(showsCard(post({ media: [{} as Post["media"][number]] }))).toBe(false);
    expect(showsCard(post({ quote_of: { id: "1", unavailable: "deleted", post: null } }))).toBe(false);
  });
});
