"""Rounds: background work that has the own words translated which wait for it, a minute after they were shared.

It never runs while somebody waits for an answer or opens a page. A person is read in one transaction, the program is
asked outside of any, and what it made is stored in a second one, which looks again whether the words are still shared.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.lines import decode_lines
from bot.translating import Away, Translator, Unable, is_same_language
from bot.translating.choosing import agenda_of, is_wanted
from bot.translating.words import Words, in_lines, seen_by_staff
from storage import audit, people, translations
from storage.translations import CardKey, Translation
from storage.vault import Erased, Vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.database import Database

GROUP, GROUPS = 25, 10
"""People in one job, and jobs in one round: a server that hangs is asked no more often than that in a minute."""
PATIENCE = timedelta(days=3)
"""What could not be translated for so long stays as it is."""
FAILURES = 2
"""After so many people in a row for whom the server was away, the rest of the group waits for the next round."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What waits of one person: cards, the language of whoever reads them, and those words that need translating."""

    participant_id: int
    cards: Sequence[CardKey]
    target: str
    words: Sequence[Words] = field(repr=False)

    @property
    def by_language(self) -> Mapping[str, list[str]]:
        """The texts of each language."""
        found: dict[str, list[str]] = {}
        for one in self.words:
            found.setdefault(one.language, []).append(one.text)
        return found


@dataclass(frozen=True, slots=True)
class Rounds:
    """The work of one deployment."""

    database: Database
    vault: Vault
    translator: Translator
    now: Callable[[], datetime]

    async def find(self) -> Sequence[Sequence[int]]:
        """Groups of people whose words wait. Raises StorageAway."""
        waiting = await self.database.read(lambda conn: translations.waiting(conn, GROUP * GROUPS))
        return [waiting[start : start + GROUP] for start in range(0, len(waiting), GROUP)]

    async def do(self, ids: Sequence[int]) -> None:
        """Translate what waits of these people. Raises StorageAway."""
        failures = 0
        for person in ids:
            try:
                await self._person(person)
                failures = 0
            except Away as away:
                failures += 1
                _log.warning("Words of participant:%d wait to be translated: %s.", person, away)
                if failures == FAILURES:
                    return

    async def _person(self, person: int) -> None:
        """Raises Away."""
        work = await self.database.read(lambda conn: self._gathered(conn, person))
        if work is None:
            return
        made: dict[Words, str] = {}
        for language, texts in work.by_language.items():
            try:
                translated = await self.translator.translate(language, work.target, texts)
            except Unable as why:
                _log.warning("Words of participant:%d are not translated: %s.", person, why)
                continue
            made |= {Words(language, text): one for text, one in zip(texts, translated, strict=True) if one}
        await self.database.write(lambda conn: self._keep(conn, work, made))

    def _gathered(self, conn: Connection, person: int) -> _Waiting | None:
        """What is to be done for one person; no words where it is switched off. None when nothing waits any more."""
        try:
            cipher = people.participant(conn, self.vault, person).cipher
        except (KeyError, Erased):
            return None
        cards = translations.waiting_cards(conn, cipher, person)
        if not cards:
            return None
        keys, target = [card.key for card in cards], cards[0].target
        if not is_wanted(agenda_of(conn, cipher, person)):
            return _Waiting(person, keys, target, ())
        there = translations.marks(conn, person, target)
        recent = (card for card in cards if card.since > self.now() - PATIENCE)
        wanted = dict.fromkeys(
            words
            for card in recent
            if not is_same_language(card.language, target)
            for words in in_lines(decode_lines(card.lines), card.language)
            if words.mark(cipher) not in there
        )
        return _Waiting(person, keys, target, tuple(wanted))

    def _keep(self, conn: Connection, work: _Waiting, made: Mapping[Words, str]) -> None:
        """Only of words that are still shared, by somebody who is still there and has not switched it off meanwhile."""
        person, now = work.participant_id, self.now()
        try:
            cipher = people.present(conn, self.vault, person)
        except (KeyError, Erased):
            return
        translations.wait_no_more(conn, person, work.cards)
        if not made or not is_wanted(agenda_of(conn, cipher, person)):
            return
        for words in seen_by_staff(conn, cipher, person) & made.keys():
            mark = words.mark(cipher)
            translations.put(conn, cipher, Translation(person, mark, work.target, "machine", None, now, made[words]))
        details = {"from": sorted(work.by_language), "to": work.target, "texts": len(work.words)}
        audit.record(conn, at=now, actor="system", action="words translated", participant_id=person, details=details)
