"""Rookery: an open microblog."""
