"""Search: posts, users and hashtags in PostgreSQL, over a read model of its own that events keep up to date.

Nothing is read from tables of other services, and nothing is shown that they would not show: see `posts` and `access`.
"""
