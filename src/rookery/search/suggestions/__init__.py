"""Suggestions: whom to follow, each with its reason, and posts like a post.

Second degree is the users service's own knowledge; likeness is measured here, between term vectors of what accounts
post and like (`terms.py`, `queries.sql`). `ranking.py` puts both together, `service.py` says who may be suggested.
"""
