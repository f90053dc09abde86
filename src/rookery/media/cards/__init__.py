"""Link cards: what stands behind the first link of a post.

Posts name links, a consumer writes down which are wanted, one crawler fetches each of them once, posts show the result.
The way of a card is told in docs/flows/link-cards.md.
"""
