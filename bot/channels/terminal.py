"""The terminal: a script played as a conversation, for those who write scripts. It goes the whole way that a message of
a participant goes, on a database that is thrown away, and shows at its end the card the specialist would see."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.app import Parts, opened
from bot.channels.terminal_screen import Screen, tapped
from bot.config import Settings
from bot.lines import decode_lines, line_text
from bot.messages import Inbound, Outbound, Tap
from bot.shelf import Published
from bot.turns import Turns
from storage import digests, people
from storage.refusal import StartRefused

Read = Callable[[str], str]
Write = Callable[[str], None]

PARTICIPANT, SPECIALIST, PSEUDONYM = "Sam", "Kim", "S.K."
START = Tap(0, "", "start")


class NotPlayable(StartRefused):
    """The script cannot be played in the language."""


def play(settings: Settings, dialogue: str, language: str, read: Read, write: Write) -> None:
    """Hold one conversation on a script of the folder. Without a ``language`` it is that of the script.

    ``read`` raises EOFError or KeyboardInterrupt when nothing more comes. It is called outside of the event loop: while
    somebody types nothing else happens, and Ctrl-C ends the waiting at once. Raises NotPlayable, and what
    ``bot.app.opened`` raises.
    """
    with _stage(settings, dialogue, language) as stage:
        write("Type a number or words, or one of the words in [ ]. Ctrl-D ends it.\n")
        waiting = stage.say(write, tap=START)
        while waiting is not None:
            try:
                typed = read("> ")
            except (EOFError, KeyboardInterrupt):
                write("\n--- Stopped before the end. ---")
                break
            tap = tapped(waiting, typed)
            told = stage.say(write, text="" if tap else typed, tap=tap) or waiting
            waiting = None if told.kind == "closed" else told
        write("\n".join(stage.card()))


@contextmanager
def _stage(settings: Settings, dialogue: str, language: str) -> Iterator[_Stage]:
    with tempfile.TemporaryDirectory(prefix="medvind-play-") as folder, asyncio.Runner() as runner:
        throwaway = settings.model_copy(update={"database_url": f"sqlite:///{folder}/play.db", "folder": Path(folder)})
        stack = AsyncExitStack()
        try:
            opening = opened(throwaway, secrets.token_bytes(32), only=dialogue)
            parts = runner.run(stack.enter_async_context(opening))
            yield runner.run(_set(runner, parts, dialogue, language))
        finally:
            runner.run(stack.aclose())


async def _set(runner: asyncio.Runner, parts: Parts, dialogue: str, language: str) -> _Stage:
    """Everything in its place for a programme that holds nothing but this dialogue."""
    published = await parts.database.read(lambda conn: parts.shelf.latest(conn, dialogue))
    assert published is not None, "it has just been published"
    language = _spoken(parts, published, language)
    person, specialist = await parts.database.write(lambda conn: _cast(conn, parts, language))
    alone = replace(parts.programme, first=dialogue, check_in=dialogue, later=(), time="", too_much="")
    turns = Turns(
        database=parts.database, vault=parts.vault, catalogs=parts.catalogs, programme=alone, shelf=parts.shelf
    )
    return _Stage(runner, parts, turns, person, specialist)


def _spoken(parts: Parts, published: Published, wished: str) -> str:
    language = wished or published.script.language
    offered = sorted(set(published.texts) & set(parts.catalogs.languages))
    if language not in offered:
        known = f"It is complete in: {', '.join(offered)}." if offered else "It is complete in none that is offered."
        raise NotPlayable(f'"{published.dialogue}" cannot be played in "{language}". {known}')
    return language


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
class _Stage:
    """One conversation that is being played."""

    runner: asyncio.Runner
    parts: Parts
    turns: Turns
    person: int
    specialist: int

    def say(self, write: Write, *, text: str = "", tap: Tap | None = None) -> Outbound | None:
        """Submit one message and show what it leads to, of which the last waits for an answer. None: it led nowhere."""
        inbound = Inbound("web", str(self.person), secrets.token_hex(8), self.parts.now(), text, tap)
        receipt = self.runner.run(self.turns.submit(inbound))
        for _, message in receipt.messages:
            write("\n".join(self.screen(message.language).shown(message)))
        return receipt.messages[-1][1] if receipt.messages else None

    def screen(self, language: str) -> Screen:
        """Where texts of a language are shown."""
        return Screen(self.parts.catalogs.ui(language), self.parts.catalogs.direction(language))

    def card(self) -> list[str]:
        """What the specialist would see, or that there is nothing to see."""
        return self.runner.run(self.parts.database.read(self._card))

    def _card(self, conn: Connection) -> list[str]:
        rows = digests.cards_for(conn, self.parts.vault, self.specialist, None)
        if not rows:
            return ["--- The specialist sees nothing of this. ---"]
        return ["--- What the specialist sees ---", *(line for row in rows for line in self._lines(conn, row))]

    def _lines(self, conn: Connection, row: digests.CardRow) -> Iterator[str]:
        published = self.parts.shelf.get(conn, row.dialogue, row.version)
        language = published.language_for(row.language)
        texts, screen = published.texts[language], self.screen(language)
        names = {"name": row.pseudonym, "specialist": SPECIALIST}
        for line in decode_lines(row.lines):
            yield "    " + screen.line(line_text(published.script, line, texts, screen.ui, language, names))
