"""A service with an admission in front of it: a specialist, people who were invited, and strangers who write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import Connection, Table, select

from bot.admission import Admission
from bot.invitation import Invitation, invite
from bot.messages import Outbound, decode_outbound
from bot.wording import WORDING
from storage import addresses, audit, people, schema
from storage.database import Database
from storage.people import Staff
from storage.vault import Vault
from tests.bot.digest_samples import plain

MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CHANNEL = "telegram:4711"


class Tongues:
    """English, and others in which every text is the English one behind the language's mark."""

    languages: tuple[str, ...] = ("en", "uk", "ar")
    staff_languages: tuple[str, ...] = languages
    names: Mapping[str, str] = {"en": "English", "uk": "українська", "ar": "العربية"}

    def ui(self, language: str) -> Mapping[str, str]:
        mark = "" if language == "en" else f"{language}: "
        own = {name: f"{mark}{text}" for name, text in WORDING.items() if isinstance(text, str)}
        words = {name: WORDING[name] for name in own if name.startswith("ui/command.")}
        return {**own, **words, **({"ui/command.stop": "стоп"} if language == "uk" else {})}  # type: ignore[dict-item]

    def name(self, language: str) -> str:
        return self.names[language]


@dataclass
class FrontDoor:
    """One deployment with one specialist. ``forward`` turns its clock."""

    database: Database
    vault: Vault
    specialist: Staff
    first: Sequence[str] = ()
    now: datetime = MONDAY
    random: Random = field(default_factory=lambda: Random(7))

    def __post_init__(self) -> None:
        self.admission = self.another_admission()

    def another_admission(self) -> Admission:
        """A second process, as far as Admission can tell."""
        return Admission(
            database=self.database, vault=self.vault, catalogs=Tongues(), first=self.first, random=self.random
        )

    def forward(self, **time: float) -> None:
        """Let time pass, said as for ``timedelta``."""
        self.now += timedelta(**time)

    async def person(self, pseudonym: str = "S.K.", language: str = "uk", specialist: Staff | None = None) -> int:
        def add(conn: Connection) -> int:
            made = people.add_participant(
                conn,
                self.vault,
                name=f"Name of {pseudonym}",
                pseudonym=pseudonym,
                language=language,
                time_zone="UTC",
                now=self.now,
            )
            people.assign(conn, made, (specialist or self.specialist).id, self.now)
            return made

        return await self.database.write(add)

    async def invitation(self, person: int) -> Invitation:
        by = f"staff:{self.specialist.id}"
        return await self.database.write(lambda conn: invite(conn, self.vault, person, by, self.now, self.random))

    async def knocks(self, where: str, text: str, language_code: str = "") -> Outbound | None:
        """What somebody at this address is told."""
        return await self.admission.knock(CHANNEL, where, text, language_code, self.now)

    async def comes_to_wait(self, where: str = "100", person: int = 0, language_code: str = "") -> tuple[int, str]:
        """Somebody who was invited and has knocked: who, and their number."""
        person = person or await self.person()
        invitation = await self.invitation(person)
        told = await self.knocks(where, invitation.token, language_code)
        assert told is not None
        return person, number_in(told)

    async def comes_in(self, where: str = "100", person: int = 0) -> int:
        """Somebody whom the specialist has confirmed."""
        person, number = await self.comes_to_wait(where, person)
        assert await self.admission.confirm(person, CHANNEL, number, self.specialist, self.now)
        return person

    async def standing(self, where: str) -> addresses.Standing | None:
        return await self.database.read(lambda conn: addresses.standing_at(conn, self.vault, CHANNEL, where))

    async def rows(self, table: Table) -> list[Mapping[str, object]]:
        return await self.database.read(lambda conn: [dict(row._mapping) for row in conn.execute(select(table))])

    async def actions(self, person: int) -> list[tuple[str, str]]:
        """Who did what, as the audit has it."""
        found = await self.database.read(lambda conn: audit.records(conn, person))
        return [(one.actor, one.action) for one in found]

    async def queued(self, person: int) -> list[tuple[int, str, str, Outbound]]:
        """What waits to be sent: number, channel, state, message."""

        def read(conn: Connection) -> list[tuple[int, str, str, Outbound]]:
            cipher = people.participant(conn, self.vault, person).cipher
            rows = conn.execute(select(schema.outbox).filter_by(participant_id=person).order_by(schema.outbox.c.seq))
            return [
                (
                    row.seq,
                    row.channel,
                    row.state,
                    decode_outbound(cipher.open(f"outbox.body|{person}|{row.seq}", row.sealed_body)),
                )
                for row in rows
            ]

        return await self.database.read(read)


async def opened(database: Database, vault: Vault, first: Sequence[str] = ()) -> FrontDoor:
    """The front door of a new service."""
    return FrontDoor(database, vault, await add_specialist(database, vault, "Kim Berg"), first)


async def add_specialist(database: Database, vault: Vault, name: str) -> Staff:
    mail = f"{name.split()[0].lower()}@example.org"

    def add(conn: Connection) -> Staff:
        values = {"role": "specialist", "language": "en", "time_zone": "UTC"}
        made = people.add_staff(conn, vault, name=name, mail=mail, **values, now=MONDAY)
        return people.staff(conn, vault, made)

    return await database.write(add)


def number_in(told: Outbound) -> str:
    """The check number in what somebody was told."""
    digits = "".join(letter for letter in told.text if letter.isdigit())
    assert len(digits) == 4, told.text
    return digits


def shown(told: Outbound | None) -> str:
    """The text, without the marks around names."""
    assert told is not None
    return plain(told.text)
