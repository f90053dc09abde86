"""The periodic jobs of accounts, run by the worker."""

from rookery.kit.jobs import Job
from rookery.kit.mail import make_mailer
from rookery.kit.resources import Resources
from rookery.kit.signing_keys import rotate_signing_keys
from rookery.users.accounts import repository
from rookery.users.accounts.mail_delivery import MailDelivery


def account_jobs(resources: Resources) -> list[Job]:
    """Mails on their way, new signing keys in time, and what has expired. Raises SettingsError."""
    delivery = MailDelivery(resources, make_mailer(resources.settings))

    async def rotate() -> None:
        await rotate_signing_keys(resources)

    async def purge() -> None:
        async with resources.database.connection() as conn:
            await repository.purge(conn)

    return [
        Job("accounts.mails", 1.0, delivery.run),
        Job("accounts.signing_keys", 600.0, rotate),
        Job("accounts.purge", 3600.0, purge),
    ]
