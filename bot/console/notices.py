"""Notices: what a coordinator has to know of the messengers: times out of reach, and what did not get through. They are
counts and times: whose messages these were, no coordinator learns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.dates import moment_text
from bot.digest.words import StaffWords
from storage import audit, channel_state, outbox, strays

SHOWN_FOR = timedelta(days=14)
"""How long a time out of reach is shown."""


def notices(conn: Connection, words: StaffWords, now: datetime) -> list[str]:
    """Sentences for the coordinator's page; none when all is well."""
    return list(_notices(conn, words, now))


def _notices(conn: Connection, words: StaffWords, now: datetime) -> Iterator[str]:
    for gap in audit.since(conn, "channel.long_gap", now - SHOWN_FOR):
        details = gap.details or {}
        start, end = (moment_text(details[name], words.zone, words.language) for name in ("from", "to"))
        yield words.say("notice_gap", start=start, end=end)
    for state in channel_state.all_states(conn):
        if state.trouble:
            yield words.say("notice_trouble", trouble=state.trouble)
        if given_up := outbox.dead(conn, state.channel):
            yield words.count("notice_given_up", given_up)
    if unread := strays.count(conn):
        yield words.count("notice_unread", unread)
