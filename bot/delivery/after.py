"""After: what follows for a chat and its messages from what became of one part."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.delivery import fallback
from bot.delivery.book import TOO_LATE, UNREADABLE, Mark, Opened
from bot.delivery.chats import Chat, Row
from bot.delivery.gate import backoff
from bot.delivery.outcomes import Failed, Gone, Later, Outcome, Part, Refused, Sent, Shut, Unclear, Voiced
from storage.addresses import ACTIVE, UNREACHABLE
from storage.outbox import Settled

UNCLEAR_AFTER = (5.0, 30.0, 120.0)
"""Seconds until a part that may have arrived is sent again. After the last one it is given up."""

LONGEST_ID = 40
"""Letters of a channel's own number of a message that are kept."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Group:
    """Messages of one chat that became parts together, and the part that is on its way."""

    chat: Chat
    rows: tuple[Row, ...]
    part: Part
    parts: int


@dataclass(frozen=True, slots=True)
class Moment:
    """When something came to its end, on both clocks. ``by`` is chance between 0 and 1."""

    at: datetime
    seconds: float
    chance: Callable[[], float]

    def later(self, seconds: float) -> datetime:
        """So many seconds from it, as it is stored."""
        return self.at + timedelta(seconds=seconds)


def part_of(chat: Chat, rows: Sequence[Row], parts: Sequence[Part]) -> Part | None:
    """What goes next of a group, or None when all of it has left already."""
    if chat.pieces:
        return chat.pieces[0]
    begun = rows[0].parts_sent
    return parts[begun] if begun < len(parts) else None


def follow(group: Group, outcome: Outcome, moment: Moment) -> Mark:
    """Change the chat, and say what has to be stored."""
    chat, person = group.chat, group.chat.participant_id
    _left(group, moment.seconds)
    if not isinstance(outcome, Failed):
        chat.failures = 0
    match outcome:
        case Sent(channel_id):
            return Mark(person, _sent(group, channel_id, moment))
        case Later(seconds):
            wait = max(0.0, seconds)
            wait += moment.chance() * min(5.0, 0.5 + wait / 10)
            chat.rest_until = moment.seconds + wait
            return Mark(person, quiet_until=moment.later(wait))
        case Failed():
            chat.failures += 1
            chat.rest_until = moment.seconds + backoff(chat.failures)
            return Mark(person)
        case Unclear(cause):
            return Mark(person, _unclear(group, cause, moment))
        case Gone(cause):
            chat.forget()
            chat.wrote_at = -math.inf
            return Mark(person, gone=cause)
        case Refused() if isinstance(group.part, Voiced) and not group.part.text:
            return Mark(person, _sent(group, "", moment))
        case Refused(cause):
            return refused(chat, _waiting(group), cause, group.part)
        case Shut():
            return Mark(person)
        case _:
            assert_never(outcome)


def give_up(chat: Chat, rows: Sequence[Row], cause: str, state: str = "dead") -> tuple[Settled, ...]:
    """These are not sent, and what comes behind them goes on."""
    chat.resolve(rows)
    chat.pieces = ()
    return tuple(_settled(chat, row, state, cause=cause) for row in rows)


def nothing_to_send(chat: Chat, rows: Sequence[Row], moment: Moment) -> Mark:
    """These need not be sent: they show nothing, all of them left before, or something later says the same."""
    chat.resolve(rows)
    chat.pieces = ()
    return Mark(chat.participant_id, tuple(_settled(chat, row, "sent", sent_at=moment.at) for row in rows))


def refused(chat: Chat, rows: Sequence[Row], cause: str, part: Part | None = None) -> Mark:
    """The channel does not take these, or they could not even become parts.

    Once more in another form, then each message by itself, then not at all. None of it happens twice.
    """
    _log.warning("participant:%d refused: %s", chat.participant_id, cause)
    if not rows:
        return Mark(chat.participant_id)
    if part and not chat.pieces and (pieces := fallback.instead(part, cause)):
        chat.pieces = pieces
        _begin(rows)
        return Mark(chat.participant_id)
    if len(rows) > 1 and not rows[0].parts_sent and not chat.pieces:
        for row in rows:
            row.run, row.alone = 0, True
        return Mark(chat.participant_id)
    return Mark(chat.participant_id, give_up(chat, rows, cause))


def opened(chat: Chat, rows: Sequence[Row], read: Opened, now: float) -> tuple[Settled, ...]:
    """Take in what was read of a chat. What nobody can get any more is not sent; what is no longer queued is forgotten.

    ``quiet_until`` of the address is left to the caller, who knows the clock.
    """
    rows = [row for row in rows if chat.rows.get(row.seq) is row]
    where = read.where.get(chat.participant_id)
    is_back = where is not None and where.state == UNREACHABLE and chat.wrote_just_now(now)
    if where is None or (where.state != ACTIVE and not is_back):
        return give_up(chat, rows, f"address {where.state}" if where else "no address", "cancelled")
    chat.address = where.address
    settled: list[Settled] = []
    for row in rows:
        key = chat.participant_id, row.seq
        if key in read.messages:
            row.message, row.read_at = read.messages[key], now
            continue
        if row.run:
            chat.undo_run(row.run)
        chat.resolve([row])
        if key in read.too_late:
            settled.append(_settled(chat, row, "cancelled", cause=TOO_LATE))
        elif key in read.unreadable:
            _log.error("participant:%d message %d is unreadable", *key)
            settled.append(_settled(chat, row, "dead", cause=UNREADABLE))
    return tuple(settled)


def _left(group: Group, now: float) -> None:
    if group.part.edits:
        group.chat.edited_at = now
    else:
        group.chat.said_at = now


def _waiting(group: Group) -> list[Row]:
    """Those that were not held back while they were on their way."""
    return [row for row in group.rows if group.chat.rows.get(row.seq) is row]


def _sent(group: Group, channel_id: str, moment: Moment) -> tuple[Settled, ...]:
    chat, rows = group.chat, _waiting(group)
    if rows and chat.pieces[1:]:
        chat.pieces = chat.pieces[1:]
        return ()
    _begin(rows)
    done = group.rows[0].parts_sent + 1
    for row in group.rows:
        row.parts_sent, row.attempts = done, 0
    is_over = done >= group.parts
    if rows:
        chat.pieces = ()
    if is_over:
        chat.resolve(rows)
    state, when = ("sent", moment.at) if is_over else ("queued", None)
    return tuple(_settled(chat, row, state, sent_at=when, channel_id=channel_id[:LONGEST_ID]) for row in group.rows)


def _unclear(group: Group, cause: str, moment: Moment) -> tuple[Settled, ...]:
    chat, rows = group.chat, _waiting(group)
    if not rows:
        return ()
    _begin(rows)
    for row in rows:
        row.attempts += 1
    tries = rows[0].attempts
    if tries > len(UNCLEAR_AFTER):
        _log.warning("participant:%d given up after %d tries: %s", chat.participant_id, tries, cause)
        return give_up(chat, rows, cause)
    wait = UNCLEAR_AFTER[tries - 1]
    chat.rest_until = moment.seconds + wait
    return tuple(_settled(chat, row, "queued", not_before=moment.later(wait), cause=cause) for row in rows)


def _begin(rows: Sequence[Row]) -> None:
    """From now on these go together, whatever comes behind them."""
    for row in rows:
        row.run = rows[0].seq


def _settled(
    chat: Chat,
    row: Row,
    state: str,
    *,
    sent_at: datetime | None = None,
    channel_id: str | None = None,
    not_before: datetime | None = None,
    cause: str | None = None,
) -> Settled:
    return Settled(
        state, sent_at, channel_id, row.parts_sent, row.attempts, not_before, cause, chat.participant_id, row.seq
    )
