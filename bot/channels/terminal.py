"""The terminal: a script played as a conversation, for those who write scripts. It goes the whole way that a message of
a participant goes, on a database that is thrown away, and shows at its end the card the specialist would see."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from babel.dates import get_timezone
from sqlalchemy import Connection

from bot.app import Parts, opened
from bot.config import Settings
from bot.lines import decode_lines, line_text
from bot.messages import Inbound, Outbound, Tap
from bot.turns import Turns
from dialogues.answers import fold
from storage import digests, people

Read = Callable[[str], str]
Write = Callable[[str], None]


class NoSuchScript(Exception):
    """There is no script of this name, or it cannot be played in the language."""


async def play(settings: Settings, dialogue: str, language: str, read: Read, write: Write) -> None:
    """Hold one conversation. ``read`` raises EOFError when nothing more is typed. Raises NoSuchScript."""
    with tempfile.TemporaryDirectory(prefix="medvind-play-") as folder:
        throwaway = settings.model_copy(update={"database_url": f"sqlite:///{folder}/play.db", "folder": Path(folder)})
        async with opened(throwaway, secrets.token_bytes(32)) as parts:
            await _converse(parts, dialogue, language, read, write)


async def _converse(parts: Parts, dialogue: str, language: str, read: Read, write: Write) -> None:
    person, specialist = await parts.database.write(lambda conn: _cast(conn, parts, language))
    turns = await _turns_for(parts, dialogue, language)
    asked = await _send(turns, parts, person, write, tap=Tap(0, "", "start"))
    while asked is not None:
        try:
            typed = await asyncio.to_thread(read, "> ")
        except EOFError:
            break
        told = await _send(turns, parts, person, write, text=typed, tap=_tap(asked, typed))
        asked = None if told is not None and told.kind == "closed" else told
    await turns.close()
    for line in await parts.database.read(lambda conn: _card(conn, parts, specialist)):
        write(line)


def _cast(conn: Connection, parts: Parts, language: str) -> tuple[int, int]:
    now, zone = parts.now() - timedelta(seconds=1), str(get_timezone(parts.programme.time_zone))
    staff = people.add_staff(
        conn,
        parts.vault,
        name="Kim",
        mail="kim@play.invalid",
        role="specialist",
        language=language,
        time_zone=zone,
        now=now,
    )
    person = people.add_participant(
        conn, parts.vault, name="Sam", pseudonym="S.K.", language=language, time_zone=zone, now=now
    )
    people.assign(conn, person, staff, now)
    return person, staff


async def _turns_for(parts: Parts, dialogue: str, language: str) -> Turns:
    """Turns of a programme that holds nothing but this dialogue."""
    published = await parts.database.read(lambda conn: parts.shelf.latest(conn, dialogue))
    if published is None:
        raise NoSuchScript(f'There is no script called "{dialogue}". "medvind check" lists them.')
    if language not in published.texts or language not in parts.catalogs.languages:
        offered = ", ".join(sorted(set(published.texts) & set(parts.catalogs.languages)))
        raise NoSuchScript(f'"{dialogue}" cannot be played in "{language}". It is complete in: {offered}.')
    alone = replace(parts.programme, first=dialogue, check_in=dialogue, later=())
    return Turns(
        database=parts.database, vault=parts.vault, catalogs=parts.catalogs, programme=alone, shelf=parts.shelf
    )


async def _send(
    turns: Turns, parts: Parts, person: int, write: Write, *, text: str = "", tap: Tap | None = None
) -> Outbound | None:
    """Submit one message and show what it leads to; the last of it waits for an answer."""
    inbound = Inbound("web", str(person), secrets.token_hex(8), parts.now(), "" if tap else text, tap)
    receipt = await turns.submit(inbound)
    for _, message in receipt.messages:
        write("\n".join(shown(message)))
    return receipt.messages[-1][1] if receipt.messages else None


def shown(message: Outbound) -> Sequence[str]:
    """A message as lines of text: options with their numbers, the ways on by their words."""
    progress = f"({message.number}/{message.total}) " if message.number else ""
    lines = [f"{progress}{message.text}".rstrip()]
    heading = ""
    choosing = message.kind == "offered" and message.pick == "many"
    for line in message.lines if not choosing else ():
        lines.append(f"    {line.label}: " + "  ".join(filter(None, [line.value, _quoted(line.own_words)])))
    for number, button in enumerate(message.buttons, 1):
        if button.group != heading:
            heading = button.group
            lines.append(f"  {heading}:")
        value = next(
            (
                f": {line.value} {_quoted(line.own_words)}".rstrip()
                for line in message.lines
                if choosing and line.id in button.tap.choices
            ),
            "",
        )
        lines.append(f"  {_number(button.tap, number, message)}  {button.label}{value}")
    if message.controls:
        lines.append("  [" + " · ".join(button.label for button in message.controls) + "]")
    return [*lines, ""]


def _number(tap: Tap, number: int, message: Outbound) -> str:
    return tap.choices[0] if message.scale else str(number)


def _quoted(words: str) -> str:
    return f"“\u2068{words}\u2069”" if words else ""


def _tap(asked: Outbound, typed: str) -> Tap | None:
    """The button that a typed label names, where it is one of the ways on or a way to share."""
    plain = fold(typed)
    named = [*asked.controls, *(asked.buttons if asked.kind == "offered" and asked.pick == "one" else ())]
    found = [button.tap for button in named if fold(button.label) == plain]
    if found:
        return found[0]
    digits = "".join(
        str(unicodedata.digit(letter)) if unicodedata.digit(letter, None) is not None else letter
        for letter in typed.strip()
    )
    if asked.kind == "offered" and asked.pick == "one" and digits.isascii() and digits.isdigit():
        return asked.buttons[int(digits) - 1].tap if 1 <= int(digits) <= len(asked.buttons) else None
    return None


def _card(conn: Connection, parts: Parts, specialist: int) -> Sequence[str]:
    """What the specialist would see, or that there is nothing to see."""
    rows = digests.cards_for(conn, parts.vault, specialist, None)
    if not rows:
        return ["--- The specialist sees nothing of this. ---"]
    lines = ["--- What the specialist sees ---"]
    for row in rows:
        published = parts.shelf.get(conn, row.dialogue, row.version)
        language = published.language_for(row.language)
        for line in decode_lines(row.lines):
            said = line_text(
                published.script,
                line,
                published.texts[language],
                parts.catalogs.ui(language),
                language,
                {"name": row.pseudonym, "specialist": "Kim"},
            )
            lines.append(f"    {said.label}: " + "  ".join(filter(None, [said.value, _quoted(said.own_words)])))
    return lines
