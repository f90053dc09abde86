"""Accounts: sign-up, sign-in, sessions and their tokens, passwords, e-mail addresses.

One module for each use case; `service.Accounts` holds them all, `routes.ROUTES` is their HTTP.
"""
