"""Zone command: a participant has moved or travels, and check-ins follow the clocks where they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.admission import OPERATOR
from bot.app import now
from bot.config import Settings
from bot.hours_commands import zone_named
from bot.people_commands import NotDone, Say, deployment
from storage import audit, people
from storage.vault import Erased


async def move(settings: Settings, say: Say, number: int, zone: str, clock: Callable[[], datetime] = now) -> None:
    """Let a participant be in another time zone from now on. Raises NotDone, and like ``deployment``."""
    wished, when = zone_named(zone), clock()
    if not wished:
        raise NotDone("A time zone is needed, like Europe/Oslo.")

    def change(conn: Connection) -> str:
        try:
            person = people.participant(conn, at.vault, number)
        except (KeyError, Erased):
            raise NotDone(f"There is no participant with the number {number}.") from None
        people.set_time_zone(conn, number, wished, when)
        details = {"from": person.time_zone, "to": wished}
        audit.record(conn, at=when, actor=OPERATOR, action="zone.changed", participant_id=number, details=details)
        return person.pseudonym

    async with deployment(settings) as at:
        pseudonym = await at.database.write(change)
    say(f"Check-ins of {pseudonym} follow the clocks of {wished} from now on. There is never a second one on one day.")
