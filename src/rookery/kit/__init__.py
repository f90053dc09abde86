"""Domain-free parts that every service stands on: settings, ids, database, cache, bus, errors, paging, limits.

Nothing in here knows what a post or a user is.
"""
