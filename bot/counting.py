"""Counting: the figures of one month, from the tables. They are worked out when somebody looks, and kept nowhere.

Of what people say only shared lines are counted: what they keep for themselves is in no figure.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.aggregates import Behind, Figures, Invited, Month, Tally
from bot.lines import CardLine, decode_lines
from bot.programme import InForce, Programme
from bot.reflecting.meaning import counted_questions
from bot.shelf import Published, ScriptShelf
from dialogues.meanings import ASKS_HELP
from dialogues.model import Ask
from storage import aggregates, feedback, team_answers
from storage.aggregates import SharedCard
from storage.database import Database
from storage.vault import Vault

WANTS_CHANGE = "wants:change"
"""The tag of questions about what could change at the workplace."""
DECLINES = frozenset({"no", "none", "nothing", "not_now"})
"""Options of such questions that want nothing, beside those that stand alone."""
TOGETHER = 500
"""People whose cards are opened in one go: a fraction of a second, so that nobody's chat waits for it."""


@dataclass(frozen=True, slots=True)
class Worded:
    """Where the words of something stand that was counted: a question in one version of its script."""

    published: Published
    ask: Ask


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a month, and what words they need."""

    figures: Figures
    options: Mapping[str, Worded]
    """Option -> the question it was chosen in last."""
    questions: Mapping[str, Worded]
    """Key -> question, for opinions and for the team."""


@dataclass(slots=True)
class _Cards:
    tally: Tally = field(default_factory=Tally)
    options: dict[str, Worded] = field(default_factory=dict)

    def add(self, card: SharedCard, published: Published) -> None:
        chosen = [each for line in decode_lines(card.lines) for each in _chosen(line, published)]
        topics = [option for option, ask in chosen if ASKS_HELP in ask.tags]
        changes = [option for option, ask in chosen if WANTS_CHANGE in ask.tags]
        self.tally.add(card.participant_id, card.staff_id, card.language, topics, changes)
        self.options |= {option: Worded(published, ask) for option, ask in chosen}


class Counting:
    """Counts one month at a time for one deployment."""

    def __init__(self, database: Database, vault: Vault, shelf: ScriptShelf, programme: Programme | InForce) -> None:
        self._database = database
        self._vault = vault
        self._shelf = shelf
        self._in_force = InForce.of(programme)
        self._one_at_a_time = asyncio.Lock()

    async def month(self, month: Month) -> Counted:
        """What happened in it. Raises StorageAway."""
        async with self._one_at_a_time:
            cards = _Cards()
            after = await self._next(month, cards, 0)
            while after:
                after = await self._next(month, cards, after)
            return await self._database.read(lambda conn: self._with_totals(conn, month, cards))

    async def _next(self, month: Month, cards: _Cards, after: int) -> int:
        """Adds the cards of the next people: the number of the last of them, 0 at the end."""

        def read(conn: Connection) -> int:
            last, shared = aggregates.shared(conn, self._vault, month.start, month.end, after, TOGETHER)
            for card in shared:
                cards.add(card, self._shelf.get(conn, card.dialogue, card.version))
            return last

        return await self._database.read(read)

    def _with_totals(self, conn: Connection, month: Month, cards: _Cards) -> Counted:
        span, tally, programme = (month.start, month.end), cards.tally, self._in_force.programme
        invited = aggregates.invited(conn, [each for each in (programme.check_in, programme.at_work) if each], *span)
        found = feedback.opinions(conn, *(each.date().isoformat() for each in span))
        team = self._team_questions(conn)
        figures = Figures(
            using=Behind(*aggregates.taking_part(conn, *span)),
            invited=Invited(Behind(*invited.behind), invited.came, invited.taken_up),
            languages=tally.languages,
            topics=tally.topics,
            changes=tally.changes,
            topics_by_language=tally.topics_by_language,
            undelivered=Behind(*aggregates.undelivered(conn, *span)),
            opinions=_added_up(((each.step, each.reason), each.n) for each in found),
            team=team_answers.counts(conn, str(month)),
        )
        judged = self._questions(conn, {each.step: each.dialogue for each in found})
        return Counted(figures, cards.options, {**judged, **team})

    def _questions(self, conn: Connection, dialogues: Mapping[str, str]) -> Mapping[str, Worded]:
        """Questions as they are asked now, for those that still are: key -> dialogue."""
        latest = {dialogue: self._shelf.latest(conn, dialogue) for dialogue in set(dialogues.values())}
        found: dict[str, Worded] = {}
        for key, dialogue in dialogues.items():
            published = latest[dialogue]
            step = published and published.script.by_key.get(key)
            if published is not None and isinstance(step, Ask):
                found[key] = Worded(published, step)
        return found

    def _team_questions(self, conn: Connection) -> Mapping[str, Worded]:
        published = self._shelf.latest(conn, self._in_force.programme.own_check_in)
        if published is None:
            return {}
        return {ask.key: Worded(published, ask) for ask in counted_questions(published.script)}


def _chosen(line: CardLine, published: Published) -> list[tuple[str, Ask]]:
    """What was chosen in a line, without what wants nothing."""
    ask = published.script.step(line.name)
    if not isinstance(ask, Ask) or line.withdrawn:
        return []
    return [(option, ask) for option in line.answer.choices if option not in ask.alone | DECLINES]


def _added_up(counts: Iterable[tuple[tuple[str, str], int]]) -> Mapping[tuple[str, str], int]:
    total: Counter[tuple[str, str]] = Counter()
    for key, n in counts:
        total[key] += n
    return total
