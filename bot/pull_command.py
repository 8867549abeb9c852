"""Pull command: translations that were written in the console are entered into the catalogue files."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from bot.app import master_key
from bot.config import Settings
from bot.editor.pulling import pull as enter
from bot.logbook import names_of
from storage import script_texts
from storage.opening import open_storage
from storage.script_texts import ScriptText


async def pull(settings: Settings, write: Callable[[str], None]) -> None:
    """Enter them, and say what came of it. Raises StartRefused and PoBroken."""
    database, vault = await open_storage(settings.database(), master_key(settings))

    def read(conn: Connection) -> tuple[list[ScriptText], dict[int, str]]:
        return script_texts.every(conn), names_of(conn, vault)

    try:
        written, names = await database.read(read)
    finally:
        await database.close()
    done = enter(settings.locales, written, names)
    for one in done:
        write(str(one))
    if not done:
        write("Nothing was translated in the console.")
