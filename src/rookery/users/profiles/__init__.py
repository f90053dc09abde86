"""Profiles: reading and editing them, and who an account is for the other services."""
