"""Calls between services over HTTP, made from the Protocols in `rookery.contracts`.

`POST /internal/<service>/<method>`, MessagePack both ways: the arguments as an array, the result as it is annotated.
Refusals are problem documents and are raised on the caller's side as what they were. See `docs/flows/apart.md`.
"""
