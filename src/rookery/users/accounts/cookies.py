"""The refresh cookie of the web app: out of reach of scripts, and sent to our own pages' requests for sessions only."""

from litestar.datastructures import Cookie

NAME = "rookery_refresh"
PATH = "/v1/sessions"


def refresh_cookie(token: str, public_url: str, max_age_s: int) -> Cookie:
    return Cookie(
        key=NAME,
        value=token,
        path=PATH,
        max_age=max_age_s,
        httponly=True,
        samesite="strict",
        secure=public_url.startswith("https://"),
    )


def no_refresh_cookie(public_url: str) -> Cookie:
    """What makes a browser forget the cookie."""
    return refresh_cookie("", public_url, 0)
