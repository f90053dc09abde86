/** The language of searches by example, in the order in which people need it. */
export const operatorHelp = [
  {
    title: "Words",
    examples: [
      ["rook nest", "both words, in any form"],
      ['"early bird"', "exactly these words, side by side"],
      ["rook OR crow", "one of them at least"],
      ["bird -pigeon", "without a word"],
      ["(rook OR crow) nest", "parentheses keep together"],
    ],
  },
  {
    title: "People and topics",
    examples: [
      ["from:ana", "written by @ana"],
      ["to:ana", "in reply to @ana"],
      ["@ana", "mentions @ana"],
      ["#birds", "has the hashtag"],
      ["filter:follows", "by people you follow"],
    ],
  },
  {
    title: "What is in it",
    examples: [
      ["has:image", "with pictures; also media, video, link, poll"],
      ["url:example.org", "links to a place"],
      ["is:reply", "replies only; also is:quote"],
      ["lang:en", "in a language"],
    ],
  },
  {
    title: "When, and how liked",
    examples: [
      ["since:2026-01-31", "on this day or later"],
      ["until:2026-02-28", "before this day"],
      ["min_likes:10", "liked ten times or more"],
      ["min_reposts:5", "reposted five times or more"],
    ],
  },
] as const;
