"""Publish command: scripts of the folder come into use, by two coordinators where it has to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.app import catalogs_for, master_key, now, standing_beside
from bot.catalogs import Catalogs
from bot.config import Settings
from bot.programme import Programme, load_programme
from bot.publishing import Checked, Worded, beside_console, waiting
from bot.publishing import publish as put
from bot.seconding import NotTwo, two_coordinators
from storage.database import Database
from storage.opening import open_storage
from storage.refusal import StartRefused
from storage.scripts import latest_versions
from storage.vault import Vault

Write = Callable[[str], None]

BY = "command line"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the versions before and now, and what was left alone and why."""

    before: dict[str, int]
    versions: dict[str, int]
    waits: dict[str, int]
    held: frozenset[str]


async def publish(settings: Settings, write: Write, script: str, by: str, second: str) -> None:
    """Publish one script of the folder, or all that changed. Raises StartRefused."""
    key = master_key(settings)
    load_programme(settings.programme, now().date())
    database, vault = await open_storage(settings.database(), key)
    try:
        programme = (await standing_beside(settings, database, vault, now().date())).programme
        catalogs = catalogs_for(settings, programme)
        done = await _done(database, vault, settings, programme, catalogs, script, by, second)
    finally:
        await database.close()
    for name, version in done.versions.items():
        write(f"{name}: version {version}, {'as before' if done.before.get(name) == version else 'new'}")
    for name in sorted(done.held):
        write(f"{name}: left alone, because it is written in the console. To use the folder's: medvind publish {name}")
    if done.waits:
        raise StartRefused(
            f"{', '.join(done.waits)}: this changes what is shared, who takes part or where help is, so two people "
            "have to publish it: medvind publish --by MAIL --second MAIL, with the mails of two coordinators."
        )


async def _done(
    database: Database,
    vault: Vault,
    settings: Settings,
    programme: Programme,
    catalogs: Catalogs,
    script: str,
    by: str,
    second: str,
) -> Done:
    def work(conn: Connection) -> Done:
        checked, wordings, held = beside_console(conn, settings.scripts, catalogs, wanted=script)
        if script:
            checked = checked.only(script)
        first, agrees = _two(conn, vault, by, second, programme)
        before = latest_versions(conn)
        waits = _waits(conn, checked, wordings, alone=agrees == "")
        versions = put(conn, checked, wordings, by=first, now=now(), second=agrees)
        return Done(before, versions, waits, frozenset() if script else held)

    return await database.write(work)


def _waits(conn: Connection, checked: Checked, wordings: Worded, *, alone: bool) -> dict[str, int]:
    return waiting(conn, checked, wordings) if alone and not checked.problems else {}


def _two(conn: Connection, vault: Vault, by: str, second: str, programme: Programme) -> tuple[str, str | None]:
    """Who publishes, and who agrees: None where one is enough, "" where nobody was named. Raises StartRefused."""
    if programme.example:
        return by, None
    if not second.strip():
        return by, ""
    try:
        one, other = two_coordinators(conn, vault, by, second)
    except NotTwo as reason:
        raise StartRefused(str(reason)) from None
    return f"staff:{one.id}", f"staff:{other.id}"
