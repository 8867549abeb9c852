"""Handover command: the people of a specialist who leaves, or one of them, get another specialist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from bot.admission import OPERATOR
from bot.app import now
from bot.config import Settings
from bot.handover import SameName, hand_over
from bot.people_commands import Deployment, NotDone, Say, a_specialist, deployment, nobody
from storage import people
from storage.people import Participant, Staff


async def pass_on(
    settings: Settings,
    say: Say,
    before: int,
    after: int,
    participant: int | None = None,
    clock: Callable[[], datetime] = now,
) -> None:
    """Let specialist ``after`` accompany everybody whom ``before`` accompanies, or one of them. Raises NotDone, and
    like ``deployment``."""
    when = clock()

    def work(conn: Connection) -> tuple[list[Participant], Staff]:
        to = a_specialist(conn, at, after)
        everybody = _people_of(conn, at, before, participant)
        try:
            hand_over(conn, at.vault, everybody, to, OPERATOR, when)
        except SameName as same:
            names = ", ".join(same.pseudonyms)
            raise NotDone(
                f"{to.name} has somebody with the same pseudonym already: {names}. Nothing was changed."
            ) from None
        return everybody, to

    if before == after:
        raise NotDone("These are the same numbers. Nothing was changed.")
    async with deployment(settings) as at:
        passed, to = await at.database.write(work)
    for one in passed:
        say(f"{one.id:>4}  {one.pseudonym}")
    say(
        f"{to.name} accompanies them from now on, and sees their agreements. Each is asked in the chat what else "
        f"{to.name} may see of what was shared before."
    )


def _people_of(conn: Connection, at: Deployment, number: int, participant: int | None) -> list[Participant]:
    try:
        specialist = people.staff(conn, at.vault, number)
    except KeyError:
        raise nobody(number) from None
    everybody = people.caseload(conn, at.vault, number)
    chosen = [one for one in everybody if participant in (None, one.id)]
    if not chosen:
        who = "nobody" if participant is None else f"nobody with the number {participant}"
        raise NotDone(f"{specialist.name} accompanies {who}. Nothing was changed.")
    return chosen
