"""Rookery: an open microblog."""

__version__ = "0.1.0"
