"""Chats: what waits for each person, in the order in which it has to arrive."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.delivery.outcomes import Part
from bot.messages import Outbound

FRESH = 2.0
"""Seconds for which a message may be sent as it was read. Later it is read again: somebody may have stopped."""

JUST_NOW = 60.0
"""Seconds after somebody wrote in which their answers go before everybody else's."""

LARGEST_GROUP = 20
"""Messages that become parts together."""


@dataclass(slots=True, eq=False)
class Row:
    """One message that waits. Times are monotonic seconds."""

    seq: int
    since: float
    """Since when it is known to wait."""
    message: Outbound | None = None
    """None until it was read."""
    read_at: float = -math.inf
    attempts: int = 0
    """How often nobody knows whether its next part arrived."""
    parts_sent: int = 0
    run: int = 0
    """Number of the first message of those that it became parts with; 0 while that may still change."""
    alone: bool = False
    """It becomes parts of its own, because together with others it was refused."""

    def is_fresh(self, now: float) -> bool:
        """Whether it can be sent without reading it again."""
        return self.message is not None and now - self.read_at <= FRESH

    @property
    def is_marked(self) -> bool:
        """Whether the storage knows of it that something was begun."""
        return self.attempts > 0 or self.parts_sent > 0


@dataclass(slots=True, eq=False)
class Chat:
    """One person in this channel. ``rows`` are in order of their numbers. Times are monotonic seconds."""

    participant_id: int
    address: str = ""
    rows: dict[int, Row] = field(default_factory=dict)
    done: int = 0
    """Nothing up to this number waits any more."""
    wrote_at: float = -math.inf
    said_at: float = -math.inf
    """When a message last left for it."""
    edited_at: float = -math.inf
    rest_until: float = -math.inf
    """Nothing is sent before: the channel asked for it, or a try failed."""
    failures: int = 0
    pieces: tuple[Part, ...] = ()
    """What is left of the part that goes now, where it goes in another form than at first."""
    gaps: int = 0
    """How often something may be missing before what we were told. Until it was looked for, nothing is sent."""
    busy: bool = False
    """Something of it is being read, sent or marked."""
    ticket: int = 0
    """Its latest place in the queue; older ones do not count."""

    @property
    def head(self) -> Row | None:
        """What has to arrive next."""
        return next(iter(self.rows.values()), None)

    def add(self, row: Row) -> None:
        """Put a message where its number belongs. Almost always that is the end."""
        last = next(reversed(self.rows), 0)
        self.rows[row.seq] = row
        if row.seq < last:
            self.rows = dict(sorted(self.rows.items()))

    def find(self, found: Iterable[Row]) -> bool:
        """Messages that the storage holds. Whether any was not known."""
        fresh = [row for row in found if row.seq not in self.rows]
        for row in fresh:
            self.add(row)
        if any(row.is_marked for row in fresh):
            self._join_runs()
        return bool(fresh)

    def tell(self, row: Row) -> None:
        """A message that was not read but told. It may have been found before, and may even have left."""
        known = self.rows.get(row.seq)
        if known is not None:
            known.message, known.read_at = row.message, row.read_at
        elif row.seq > self.done:
            self.add(row)

    def resolve(self, rows: Iterable[Row]) -> None:
        """These do not wait any more."""
        for row in rows:
            if self.rows.get(row.seq) is row:
                del self.rows[row.seq]
            self.done = max(self.done, row.seq)

    def forget(self) -> None:
        """Nothing waits any more."""
        self.resolve(list(self.rows.values()))
        self.pieces = ()

    def _join_runs(self) -> None:
        """Find out what was begun together before a restart: those at the front that carry the same marks.

        Only one run of a chat is ever begun, and its marks are written in one transaction.
        """
        run, before = 0, None
        for row in self.rows.values():
            if not row.is_marked:
                return
            same = before is not None and (before.attempts, before.parts_sent) == (row.attempts, row.parts_sent)
            run = run if same else row.seq
            row.run, before = run, row

    def undo_run(self, run: int) -> None:
        """One of those that were begun together is gone, so the others begin again: better twice than not at all."""
        for row in self.rows.values():
            if row.run == run:
                row.run = row.parts_sent = row.attempts = 0
        self.pieces = ()

    def wrote_just_now(self, now: float) -> bool:
        """Whether somebody waits for an answer, and can be reached whatever was known before."""
        return now - self.wrote_at < JUST_NOW

    def to_read(self) -> list[Row]:
        """What is read together: everything that can be sent next."""
        return list(self.rows.values())[:LARGEST_GROUP]

    def is_fresh(self, now: float) -> bool:
        """Whether what goes next can go without reading it."""
        head = self.head
        if self.gaps or head is None or not head.is_fresh(now):
            return False
        return not head.run or all(row.is_fresh(now) for row in self.rows.values() if row.run == head.run)

    def due(self, interval: float) -> float:
        """When its next may leave. Changing buttons does not wait for the interval between messages."""
        head = self.head
        is_edit = head is not None and head.message is not None and bool(head.message.edits)
        return max(self.rest_until, (self.edited_at if is_edit else self.said_at) + interval)

    def superseded(self) -> list[Row]:
        """Changes of buttons at the front that a later one, which waits too, changes again."""
        found: list[Row] = []
        rows = list(self.rows.values())
        for place, row in enumerate(rows):
            edits = row.message.edits if row.message else ""
            if not edits or not any(later.message and later.message.edits == edits for later in rows[place + 1 :]):
                break
            found.append(row)
        return found

    def group(self, now: float) -> list[Row]:
        """What is handed over together now: messages up to the first with buttons, in one language."""
        head = self.head
        if head is not None and head.run:
            return [row for row in self.rows.values() if row.run == head.run]
        group: list[Row] = []
        for row in self.rows.values():
            if not row.is_fresh(now) or row.run or (group and not _goes_with(group[0], row)):
                break
            group.append(row)
            if len(group) == LARGEST_GROUP or row.alone or _ends_a_group(row):
                break
        return group


def _goes_with(first: Row, row: Row) -> bool:
    one, other = first.message, row.message
    assert one
    assert other
    return not row.alone and not other.edits and one.language == other.language


def _ends_a_group(row: Row) -> bool:
    """Buttons stand under the last part, and whoever asks for the number of a question means that part."""
    message = row.message
    assert message
    has_buttons = bool(message.buttons or message.controls or message.edits)
    return has_buttons or message.kind in ("asked", "offered", "redrawn")
