"""What our mails say, in plain text and in HTML with the same content."""

from html import escape

from rookery.kit.mail import Mail
from rookery.users.accounts.mail_queue import Purpose, Recipient

PATHS: dict[Purpose, str] = {"verify_email": "/verify-email", "reset_password": "/reset-password"}
SUBJECTS: dict[Purpose, str] = {
    "verify_email": "Confirm your e-mail address",
    "reset_password": "Choose a new password",
}
ASKS: dict[Purpose, str] = {
    "verify_email": "please confirm that this is your e-mail address. The link holds for 7 days:",
    "reset_password": "somebody asked for a new password for your account. Choose one with this link within an hour:",
}
IF_NOT_YOU: dict[Purpose, str] = {
    "verify_email": "If you did not sign up for Rookery, ignore this mail.",
    "reset_password": "If that was not you, ignore this mail: your password stays as it is.",
}


def write_mail(purpose: Purpose, recipient: Recipient, token: str, public_url: str) -> Mail:
    """The mail with its link; `token` is URL-safe as it is."""
    link = f"{public_url.rstrip('/')}{PATHS[purpose]}?token={token}"
    parts = [f"Hello {recipient.username},", ASKS[purpose], link, IF_NOT_YOU[purpose]]
    return Mail(recipient.email, SUBJECTS[purpose], "\n\n".join(parts) + "\n", _html(parts, link))


def _html(parts: list[str], link: str) -> str:
    def paragraph(text: str) -> str:
        safe = escape(text)
        return f'<p><a href="{safe}">{safe}</a></p>' if text == link else f"<p>{safe}</p>"

    return "<!doctype html>\n<html><body>\n" + "\n".join(map(paragraph, parts)) + "\n</body></html>\n"
