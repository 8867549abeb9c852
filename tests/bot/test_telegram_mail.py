"""The case of the table that is about mail: a digest comes once or is held, and says nothing where it goes wrong.

What becomes of each mail by itself stands in ``test_mailing`` and ``test_mail_senders``; here a real server is asked.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.mailing import Sent
from tests.bot.staff_world import World, world
from tests.bot.test_mail_senders import Inbox, SilentAfterData, listening, mail_server
from tests.bot.test_mailing import EIGHT, TUESDAY, send, sharing, state


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    """Where a specialist is mailed at eight."""
    async with world(tmp_path) as made:
        yield made


async def test_case_53_a_digest_whose_connection_was_lost_is_held_and_never_doubled(
    service: World, caplog: pytest.LogCaptureFixture
) -> None:
    anna, inbox = await sharing(service, "S.K."), Inbox()
    with caplog.at_level(logging.DEBUG):
        async with listening(lambda: SilentAfterData(hang_up=True)) as sender:
            assert await send(service, sender) == [Sent(anna, TUESDAY, "held")]
        async with listening(mail_server(inbox)) as sender:
            assert await send(service, sender, EIGHT + timedelta(minutes=20)) == []
    assert await state(service, anna) == "held"
    assert inbox.taken == []
    assert [word for word in ("S.K.", "Hidden", "anna@") if word in caplog.text] == []


async def test_case_53_a_digest_that_is_put_off_comes_later_under_the_same_id(service: World) -> None:
    anna, inbox = await sharing(service, "S.K."), Inbox(refuse_to="450 greylisted, try later")
    async with listening(mail_server(inbox)) as sender:
        assert await send(service, sender) == [Sent(anna, TUESDAY, "later")]
        assert inbox.taken == []
        inbox.refuse_to = ""
        assert await send(service, sender, EIGHT + timedelta(minutes=10)) == [Sent(anna, TUESDAY, "sent")]
        assert await send(service, sender, EIGHT + timedelta(minutes=20)) == []
    (mail,) = inbox.taken
    assert f"Message-ID: <medvind-digest-{anna}-{TUESDAY}@example.org>".encode() in (mail.original_content or b"")
