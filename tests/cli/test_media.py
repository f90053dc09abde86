"""`rookery media usage` tells what PostgreSQL knows."""

from rookery.cli.media import report, usage
from rookery.kit.settings import Settings
from rookery.media.repository import AccountUsage, TotalUsage
from tests.media import files
from tests.media.conftest import processed, ready  # noqa: F401 - fixtures
from tests.media.test_uploads import Ready
from tests.people import Person


async def test_use_is_told_in_total_and_by_account(ana: Person, ready: Ready, settings: Settings) -> None:  # noqa: F811
    done = await ready(ana, files.png())

    total, accounts = await usage(settings, 10_000)

    [mine] = [each for each in accounts if each.user_id == int(ana.id)]
    assert (mine.username, mine.count, mine.bytes, mine.video_bytes) == (ana.username, 1, done["size_bytes"], 0)
    assert total.bytes >= mine.bytes and total.users >= 1


def test_a_report_is_a_table() -> None:
    accounts = [AccountUsage(user_id=1, username="ana", count=3, bytes=2_500_000, video_bytes=2_000_000)]

    total = TotalUsage(count=3, bytes=2_500_000, users=1, card_count=0, card_bytes=0)
    lines = report(total, accounts).splitlines()

    assert lines[0] == "3 pictures and videos of 1 accounts take 2.5 MB."
    assert lines[2].split() == ["@ana", "3", "2.5", "MB", "2.0", "MB"]


def test_pictures_of_link_cards_are_nobodys() -> None:
    total = TotalUsage(count=0, bytes=0, users=0, card_count=1_200, card_bytes=60_000_000)

    assert report(total, []).splitlines()[1] == "1,200 pictures of link cards take 60.0 MB."
