"""Stage: where a script is tried out. A participant and a specialist on a database that is thrown away, and everything
a message goes through in a real deployment."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.app import Parts, now, opened
from bot.catalogs.pseudo import PSEUDO
from bot.channels.terminal_screen import Screen, tapped
from bot.config import Settings
from bot.lines import decode_lines, line_text
from bot.messages import Inbound, Outbound, Tap
from bot.programme import InForce, Programme
from bot.publishing import publish, read_folder
from bot.shelf import Published
from bot.turns import Turns
from storage import digests, people
from storage.refusal import StartRefused

Write = Callable[[str], None]

PARTICIPANT, SPECIALIST, PSEUDONYM = "Sam", "Kim", "S.K."


class NotPlayable(StartRefused):
    """The script cannot be played in the language."""


@contextmanager
def staged(
    settings: Settings,
    dialogue: str,
    language: str,
    clock: Callable[[], datetime] = now,
    *,
    with_rules: bool = False,
) -> Iterator[Stage]:
    """A stage for one dialogue of the folder. Without a ``language`` it is that of the script.

    ``with_rules``: the person takes part already, this is the check-in, and where the programme has a dialogue about
    time or one that offers less, and it is complete in the language, it is there too. Raises NotPlayable, and what
    ``bot.app.opened`` raises.
    """
    with tempfile.TemporaryDirectory(prefix="medvind-play-") as folder, asyncio.Runner() as runner:
        throwaway = settings.model_copy(update={"database_url": f"sqlite:///{folder}/play.db", "folder": Path(folder)})
        stack = AsyncExitStack()
        try:
            opening = opened(throwaway, secrets.token_bytes(32), clock, only=dialogue, with_pseudo=language in PSEUDO)
            parts = runner.run(stack.enter_async_context(opening))
            yield runner.run(_set(runner, parts, dialogue, language, with_rules))
        finally:
            runner.run(stack.aclose())


async def _set(runner: asyncio.Runner, parts: Parts, dialogue: str, language: str, with_rules: bool) -> Stage:
    """Everything in its place."""
    published = await parts.database.read(lambda conn: parts.shelf.latest(conn, dialogue))
    assert published is not None, "it has just been published"
    language = _spoken(parts, published, language)
    person, specialist = await parts.database.write(lambda conn: _cast(conn, parts, language))
    programme = parts.programme.of_one(dialogue)
    if with_rules:
        programme = await parts.database.write(lambda conn: _with_rules(conn, parts, programme, language))
    turns = Turns(
        database=parts.database, vault=parts.vault, catalogs=parts.catalogs, programme=programme, shelf=parts.shelf
    )
    return Stage(runner, replace(parts, in_force=InForce(programme), turns=turns), person, specialist)


def _spoken(parts: Parts, published: Published, wished: str) -> str:
    language = wished or published.script.language
    offered = sorted(set(published.texts) & set(parts.catalogs.languages))
    if language not in offered:
        known = f"It is complete in: {', '.join(offered)}." if offered else "It is complete in none that is offered."
        raise NotPlayable(f'"{published.dialogue}" cannot be played in "{language}". {known}')
    return language


def _with_rules(conn: Connection, parts: Parts, programme: Programme, language: str) -> Programme:
    """Nothing comes first, so whoever is here takes part."""
    checked = read_folder(parts.settings.scripts)

    def beside(name: str) -> str:
        alone = checked.only(name)
        if not alone.scripts or alone.problems or name == programme.check_in:
            return ""
        publish(conn, alone, parts.catalogs, by="play", now=parts.now())
        published = parts.shelf.latest(conn, name)
        return name if published is not None and language in published.texts else ""

    return replace(programme, first="", time=beside(parts.programme.time), too_much=beside(parts.programme.too_much))


def _cast(conn: Connection, parts: Parts, language: str) -> tuple[int, int]:
    """The participant and the specialist, who have known each other for a second."""
    now, zone = parts.now() - timedelta(seconds=1), parts.programme.time_zone
    mail = "specialist@play.invalid"
    staff = people.add_staff(
        conn, parts.vault, name=SPECIALIST, mail=mail, role="specialist", language=language, time_zone=zone, now=now
    )
    person = people.add_participant(
        conn, parts.vault, name=PARTICIPANT, pseudonym=PSEUDONYM, language=language, time_zone=zone, now=now
    )
    people.assign(conn, person, staff, now)
    return person, staff


@dataclass(frozen=True)
class Stage:
    """One script that is being played. ``parts`` are those of its own small deployment."""

    runner: asyncio.Runner
    parts: Parts
    person: int
    specialist: int

    def say(self, write: Write, *, text: str = "", tap: Tap | None = None) -> Outbound | None:
        """Submit one message and show what it leads to, of which the last waits for an answer. None: it led nowhere."""
        inbound = Inbound("web", str(self.person), secrets.token_hex(8), self.parts.now(), text, tap)
        receipt = self.runner.run(self.parts.turns.submit(inbound))
        for _, message in receipt.messages:
            self.show(write, message)
        return receipt.messages[-1][1] if receipt.messages else None

    def type(self, write: Write, waiting: Outbound, typed: str) -> Outbound:
        """Answer what waits as a person types, and show what it leads to: what waits now."""
        tap = tapped(waiting, typed)
        return self.say(write, text="" if tap else typed, tap=tap) or waiting

    def show(self, write: Write, message: Outbound) -> None:
        """One message as the person sees it."""
        write("\n".join(self.screen(message.language).shown(message)))

    def screen(self, language: str) -> Screen:
        """Where texts of a language are shown."""
        return Screen(self.parts.catalogs.ui(language), self.parts.catalogs.direction(language))

    def cards(self) -> list[tuple[datetime, list[str]]]:
        """What the specialist would see: when each card was shared, and its lines."""
        return self.runner.run(self.parts.database.read(self._cards))

    def _cards(self, conn: Connection) -> list[tuple[datetime, list[str]]]:
        rows = digests.cards_for(conn, self.parts.vault, self.specialist, None)
        return [(row.shared_at, list(self._lines(conn, row))) for row in rows]

    def _lines(self, conn: Connection, row: digests.CardRow) -> Iterator[str]:
        published = self.parts.shelf.get(conn, row.dialogue, row.version)
        language = published.language_for(row.language)
        texts, screen = published.texts[language], self.screen(language)
        names = {"name": row.pseudonym, "specialist": SPECIALIST}
        for line in decode_lines(row.lines):
            yield "    " + screen.line(line_text(published.script, line, texts, screen.ui, language, names))
