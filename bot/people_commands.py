"""People commands: what ``medvind staff`` and ``medvind confirm`` do. Everything is told in sentences, by ``say``."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from random import Random, SystemRandom

from sqlalchemy import Connection, select

from bot.admission import OPERATOR, Admission
from bot.app import catalogs_for, make_folder, master_key, now, standing_beside
from bot.calendars import PUBLIC, Calendar
from bot.catalogs import Catalogs
from bot.config import Settings
from bot.digest.day import Rhythm
from bot.programme import Programme, load_programme
from bot.signing_in.enrolling import enrol
from bot.slots import rhythm_of
from storage import audit, people
from storage.addresses import WAITING
from storage.database import Database
from storage.hours import Hours
from storage.leave import Leave
from storage.opening import open_storage
from storage.people import ROLES, Participant, Staff
from storage.refusal import StartRefused, StorageBusy
from storage.schema import address
from storage.vault import Erased, Vault

Say = Callable[[str], None]

_MAIL = re.compile(r"[^@\s]+@[^@\s]+")


class NotDone(StartRefused):
    """Something that was typed cannot be done. Nothing was changed, and the message says what can be."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a command works on."""

    settings: Settings
    database: Database
    vault: Vault
    catalogs: Catalogs
    programme: Programme
    random: Random

    @property
    def pages(self) -> str:
        """Where the pages are, without a slash at the end."""
        return self.settings.address or f"http://{self.settings.host}:{self.settings.port}"

    def rhythm(self, keeping: Staff | Hours, away: Sequence[Leave]) -> Rhythm:
        """When somebody gets digests: not on the public holidays here, nor on ``away``, which is all their leave."""
        calendar = Calendar(self.programme.country)
        return rhythm_of(keeping, away, lambda day: calendar.is_holiday(PUBLIC, day))

    @property
    def about_pages(self) -> str:
        """What there is to know about that address, or nothing."""
        if self.settings.address:
            return ""
        return "\nThis is an address on this machine: MEDVIND_ADDRESS says how people reach the pages."

    def language(self, wished: str) -> str:
        """A language that is offered: the wished one, or the first. Raises NotDone."""
        languages = [code for code in self.programme.languages if code in self.catalogs.languages]
        languages = languages or list(self.catalogs.languages)
        if wished and wished not in languages:
            raise NotDone(f'"{wished}" is not offered. There is: {", ".join(languages)}.')
        return wished or languages[0]


@asynccontextmanager
async def deployment(settings: Settings) -> AsyncIterator[Deployment]:
    """The deployment of these settings, open. Raises StartRefused, ProgrammeRefused and StorageAway."""
    key = master_key(settings)
    load_programme(settings.programme, now().date())
    if not settings.database_url:
        make_folder(settings.folder)
    try:
        database, vault = await open_storage(settings.database(), key)
    except StorageBusy as busy:
        raise StorageBusy(
            f"{busy} While Medvind runs on this file, people are invited and confirmed on its staff pages, "
            "under Invite and Overview."
        ) from None
    try:
        programme = (await standing_beside(settings, database, vault, now().date())).programme
        yield Deployment(settings, database, vault, catalogs_for(settings, programme), programme, SystemRandom())
    finally:
        await database.close()


# Staff ----------------------------------------------------------------------------------------------------------------


async def add_staff(settings: Settings, say: Say, *, name: str, mail: str, role: str, language: str) -> None:
    """Add a member of staff, and say the link by which they set up how they sign in. Raises what ``deployment``
    raises, and NotDone."""
    name = " ".join(name.split())
    if role not in ROLES:
        raise NotDone(f'"{role}" is no role. There is: {", ".join(ROLES)}.')
    if not _MAIL.fullmatch(mail):
        raise NotDone(f'"{mail}" is no address for mail. Write it like kim@example.org.')
    if not name:
        raise NotDone('A name is needed, like "Kim Berg".')
    async with deployment(settings) as at:
        spoken = at.language(language)
        staff, link = await at.database.write(lambda conn: _add(conn, at, name, mail, role, spoken, now()))
    say(f"{staff.name} is here now, as {staff.role} with the number {staff.id}.")
    _say_link(at, link, say)


def _add(
    conn: Connection, at: Deployment, name: str, mail: str, role: str, language: str, when: datetime
) -> tuple[Staff, str]:
    for one in people.all_staff(conn, at.vault):
        if one.mail.casefold() == mail.casefold():
            raise NotDone(f"{one.name} (number {one.id}) has this mail. A new link: medvind staff link {one.id}")
    zone = at.programme.time_zone
    values = {"name": name, "mail": mail, "role": role, "language": language, "time_zone": zone}
    staff = people.staff(conn, at.vault, people.add_staff(conn, at.vault, **values, now=when))
    audit.record(conn, at=when, actor=OPERATOR, action="staff.added", details={"staff": staff.id, "role": role})
    return staff, _link(conn, at, staff, when, afresh=False)


async def list_staff(settings: Settings, say: Say) -> None:
    """Say who is on the staff now. Raises what ``deployment`` raises."""
    async with deployment(settings) as at:
        everybody = await at.database.read(lambda conn: people.all_staff(conn, at.vault))
    for one in everybody:
        say(f"{one.id:>4}  {one.role:<13}  {one.name}  {one.mail}  {one.language}")
    if not everybody:
        say("There is nobody yet. medvind staff add NAME --mail MAIL --role specialist adds somebody.")


async def new_staff_link(settings: Settings, say: Say, number: int) -> None:
    """Say a new link by which somebody sets up how they sign in. What they had until now, and their sessions, end.
    Raises NotDone, and like ``deployment``."""

    def work(conn: Connection) -> str:
        return _link(conn, at, _here(conn, at, number), when, afresh=True)

    when = now()
    async with deployment(settings) as at:
        link = await at.database.write(work)
    _say_link(at, link, say)


def a_specialist(conn: Connection, at: Deployment, number: int) -> Staff:
    """The specialist with this number. Raises NotDone."""
    staff = _here(conn, at, number)
    if staff.role != "specialist":
        raise NotDone(f"{staff.name} (number {number}) is no specialist: others get no digests.")
    return staff


def nobody(number: int) -> NotDone:
    """What there is to say when nobody on the staff has this number."""
    return NotDone(f"There is nobody with the number {number}. medvind staff list shows who is here.")


def _here(conn: Connection, at: Deployment, number: int) -> Staff:
    staff = next((one for one in people.all_staff(conn, at.vault) if one.id == number), None)
    if staff is None:
        raise nobody(number)
    return staff


def _link(conn: Connection, at: Deployment, staff: Staff, when: datetime, *, afresh: bool) -> str:
    return at.pages + enrol(conn, at.vault, staff.id, OPERATOR, when, at.random, afresh=afresh)


def _say_link(at: Deployment, link: str, say: Say) -> None:
    say(f"\n  {link}\n")
    say(
        "With this link they choose how they sign in: with a passkey, or an app that shows codes. It opens once, "
        f"within 24 hours. It is shown only now. Give it to them yourself.{at.about_pages}"
    )


# Confirming -----------------------------------------------------------------------------------------------------------


async def list_waiting(settings: Settings, say: Say) -> None:
    """Say who opened an invitation and waits to be confirmed. Raises what ``deployment`` raises."""
    async with deployment(settings) as at:
        waiting = await at.database.read(lambda conn: _waiting(conn, at))
    for person, _, channel in waiting:
        say(f"{person.id:>4}  {person.pseudonym}  {channel}")
    if waiting:
        say("\nAsk the person for the number they see. Then: medvind confirm PARTICIPANT NUMBER")
    else:
        say("Nobody waits.")


async def confirm(settings: Settings, say: Say, participant: int, number: str) -> None:
    """Let somebody in who read out this number. Raises NotDone, and like ``deployment``."""
    async with deployment(settings) as at:
        waiting = await at.database.read(lambda conn: _waiting(conn, at))
        here = [(person, told, channel) for person, told, channel in waiting if person.id == participant]
        if not here:
            raise NotDone(f"{participant} does not wait. medvind confirm shows who does.")
        person, _, channel = next((one for one in here if one[1] == number), here[0])
        admission = Admission(database=at.database, vault=at.vault, catalogs=at.catalogs)
        if not await admission.confirm(participant, channel, number, None, now()):
            raise NotDone(
                f"{number} is not the number that {person.pseudonym} sees. Nothing was sent. Ask again, or close the "
                f"invitation: medvind invite --revoke {participant}"
            )
    say(f"{person.pseudonym} can start now.")


def _waiting(conn: Connection, at: Deployment) -> list[tuple[Participant, str, str]]:
    """Everybody who waits, the longest first: who, the number they were told, and where."""
    asked = select(address).where(address.c.state == WAITING).order_by(address.c.since, address.c.participant_id)
    found = []
    for row in conn.execute(asked).all():
        try:
            found.append((people.participant(conn, at.vault, row.participant_id), row.check_number, row.channel))
        except Erased:
            continue
    return found
