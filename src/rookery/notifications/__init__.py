"""Notifications: what others did that concerns a user, each act once, grouped as it is written."""
