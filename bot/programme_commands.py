"""Programme commands: what ``medvind programme`` does: two coordinators bring the programme file into force, and what
is in force is shown. Everything is told in sentences, by ``say``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from bot.app import now
from bot.config import Settings
from bot.people_commands import Deployment, NotDone, deployment
from bot.placing import placed
from bot.programme import Programme, read_file, read_programme
from bot.programme.changing import publish_file
from bot.programme.guarded import changed, needs_two
from bot.programme.versions import START, bring_in, in_force
from bot.seconding import NotTwo, two_coordinators
from bot.shelf import ScriptShelf
from storage import programmes, scripts

Say = Callable[[str], None]


async def publish(settings: Settings, say: Say, by: str, second: str) -> None:
    """Bring the programme file into force. ``by`` and ``second`` are the mails of two coordinators, needed where the
    file changes what nobody changes alone. Raises what ``deployment`` raises, and NotDone."""
    path, text = settings.programme, read_file(settings.programme)
    written = read_programme(text, now().date(), str(path))
    async with deployment(settings) as at:
        before = await at.database.read(lambda conn: _compared(conn, at, written, path))
        waits = changed(before, written) if before is not None and needs_two(before, written) else ()
        if waits and not (by and second):
            raise NotDone(
                f"This changes {', '.join(waits)}, so two coordinators have to publish it: "
                "medvind programme publish --by MAIL --second MAIL"
            )
        number, was = await at.database.write(lambda conn: _published(conn, at, text, by, second))
    say(f"Version {number} of the programme is in force, {'as before' if number == was else 'new'}.")


def _compared(conn: Connection, at: Deployment, written: Programme, path: Path) -> Programme | None:
    """What is in force; None before the first version. Raises NotDone where a dialogue is not there."""
    shelf, latest = ScriptShelf(), scripts.latest_versions(conn)
    missing = [name for name in written.dialogues if latest and name not in latest]
    if missing:
        raise NotDone(
            f"{path} names {', '.join(missing)}, which was never published. Publish it first, or take it out."
        )
    published = {name: shelf.get(conn, name, version).script for name, version in latest.items()}
    wrong = [each for each in placed(written, published, path.name) if each.code == "MV072"]
    if wrong:
        raise NotDone("\n".join(map(str, wrong)))
    found = in_force(conn, at.vault)
    return None if found is None else found.programme


def _published(conn: Connection, at: Deployment, text: str, by: str, second: str) -> tuple[int, int | None]:
    """The version now, and the one before."""
    was, when = programmes.latest_version(conn), now()
    if not by and not second:
        return bring_in(conn, at.vault, text, when.date(), when).version, was
    try:
        two = two_coordinators(conn, at.vault, by, second)
    except NotTwo as why:
        raise NotDone(str(why)) from None
    return publish_file(conn, at.vault, text, *two, when), was


async def show(settings: Settings, say: Say) -> None:
    """Say what is in force: its text as in a programme file, below who brought it into force."""
    async with deployment(settings) as at:
        version = await at.database.read(lambda conn: programmes.latest(conn, at.vault))
    if version is None:
        raise NotDone("Nothing is in force yet. The first start of Medvind makes version 1 of the programme file.")
    who = "the programme file" if version.by == START else " and ".join(filter(None, (version.by, version.second)))
    say(f"# Version {version.version}, since {version.at:%Y-%m-%d %H:%M} UTC, by {who}\n{version.text.rstrip()}")
