"""The users service: accounts and sign-in, profiles, the social graph and privacy.

The other services know accounts only by `rookery.contracts.users`, which `service.Users` implements.
"""
