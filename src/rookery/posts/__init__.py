"""Posts and what people do with them: write, edit, delete, reply, quote, like, repost, bookmark, read.

Writing is in `writing` and `reactions`, reading in `hydration` (pages for all), `lists` and `threads`; the counters
are moved by `consumers` only.
"""
