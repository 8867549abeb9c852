"""Turns over a database with the shipped scripts, one specialist, and participants who talk as people do: they type,
they tap what they see, and they read what they are told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Table, func, insert, select

from bot.batch import Receipt
from bot.catalogs import Catalogs
from bot.config import EXAMPLE, LOCALES, SCRIPTS
from bot.messages import Button, Inbound, Outbound, Tap, decode_outbound
from bot.programme import Programme, load_programme
from bot.publishing import Checked, publish, read_folder
from bot.recordings import SILENCE, Recordings
from bot.turns import Turns
from dialogues import loader
from storage import checkins, people, schema, scripts
from storage.database import Database
from storage.vault import Vault
from tests.bot.digest_samples import plain

MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
"""Half past nine in Oslo, after the specialist's digest time."""

WAITING = ("asked", "offered")
TOPICS = ("sure", "work", "search", "outside", "help", "good")
"""Everything that people can let us ask about."""


@cache
def catalogs() -> Catalogs:
    """The shipped languages."""
    return Catalogs.load(LOCALES, allow_drafts=True, only=programme().languages)


@cache
def programme() -> Programme:
    """The demo's."""
    return load_programme(EXAMPLE, MONDAY.date())


def programme_of(dialogue: str) -> Programme:
    """A programme of one dialogue: the first, every check-in, and nothing after it."""
    return programme().of_one(dialogue)


@cache
def shipped() -> Checked:
    """The shipped scripts."""
    return read_folder(SCRIPTS)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = MONDAY

    def forward(self, **time: float) -> None:
        """Let time pass, said as for ``timedelta``."""
        self.now += timedelta(**time)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One revision of an answer, opened. ``question`` is the step's own name; ``value`` what was chosen or said."""

    conversation: int
    question: str
    revision: int
    outcome: str
    value: str
    language: str


@dataclass
class TurnWorld:
    """One deployment. ``turns`` is the first of possibly several that serve it."""

    database: Database
    vault: Vault
    specialist: int
    programme: Programme
    clock: Clock = field(default_factory=Clock)
    catalogs: Catalogs = field(default_factory=catalogs)
    recordings: Recordings = SILENCE

    def __post_init__(self) -> None:
        self.turns = self.another_turns()

    def another_turns(self, database: Database | None = None) -> Turns:
        """A second process, as far as Turns can tell: it shares nothing but the database."""
        return Turns(
            database=database or self.database,
            vault=self.vault,
            catalogs=self.catalogs,
            programme=self.programme,
            recordings=self.recordings,
        )

    async def person(self, name: str = "Amina", language: str = "en", pseudonym: str = "") -> Person:
        """A new participant of the specialist."""

        def add(conn: Connection) -> int:
            values = {"name": name, "pseudonym": pseudonym or f"{name[0]}.", "language": language}
            made = people.add_participant(conn, self.vault, **values, time_zone="Europe/Oslo", now=self.clock.now)
            people.assign(conn, made, self.specialist, self.clock.now)
            return made

        return Person(self, await self.database.write(add))

    async def people(self, many: int, language: str = "en") -> list[Person]:
        """So many new participants."""
        return [await self.person(f"Person{number}", language) for number in range(many)]

    async def publish(self, name: str, source: str, texts: Mapping[str, Mapping[str, str]] | None = None) -> int:
        """Publish one script, in its own language or with these texts: its version."""
        script = loader.load(source)
        own = {script.language: catalogs().script_texts(script, script.language) or {}}
        return await self.database.write(
            lambda conn: scripts.publish(conn, name, {name: source}, texts or own, "test", self.clock.now)
        )

    def holding(self, dialogue: str) -> None:
        """From now on this is the first dialogue and the check-in, with nothing after it."""
        self.programme = programme_of(dialogue)
        self.turns = self.another_turns()

    async def until(self, moment: datetime) -> Counter[str]:
        """Let time pass as it does, with everything that is due in it: what was done, and how often."""
        came: Counter[str] = Counter()
        while due := await self._next_due(moment):
            self.clock.now = max(due, self.clock.now)
            came += await self.turns.contact(self.clock.now)
        self.clock.now = moment
        return came

    async def _next_due(self, until: datetime) -> datetime | None:
        asked = select(func.min(schema.participant.c.next_due)).where(schema.participant.c.next_due <= until)
        return await self.database.read(lambda conn: conn.execute(asked).scalar())

    async def rows(self, table: Table, **only: object) -> list[Any]:
        """Rows of a table, in the order of its key."""
        asked = select(table).filter_by(**only).order_by(*table.primary_key.columns)
        return await self.database.read(lambda conn: list(conn.execute(asked).all()))

    async def count(self, table: Table, **only: object) -> int:
        """How many rows there are."""
        asked = select(func.count()).select_from(table).filter_by(**only)
        return await self.database.read(lambda conn: conn.execute(asked).scalar_one())

    async def quarantined(self) -> list[Any]:
        """Messages that could not be answered."""
        return await self.rows(schema.inbox, state="quarantined")


class Person:
    """Somebody who takes part. ``told`` is everything they were told, in order."""

    def __init__(self, world: TurnWorld, number: int) -> None:
        self.world = world
        self.id = number
        self.told: list[Outbound] = []
        self.turns: Turns | None = None
        self.seen = 0

    # What they send ---------------------------------------------------------------------------------------------------

    def message(self, text: str = "", tap: Tap | None = None, id: str = "") -> Inbound:  # noqa: A002
        """A message that was not sent yet."""
        return Inbound("web", str(self.id), id or uuid4().hex, self.world.clock.now, text, tap)

    async def send(self, inbound: Inbound) -> Receipt:
        """Send a message and read the reply."""
        receipt = await (self.turns or self.world.turns).submit(inbound)
        self.told += [message for _, message in receipt.messages]
        self.seen += len(receipt.messages)
        return receipt

    async def finds(self) -> list[Outbound]:
        """What came for them without their writing, since they looked last."""
        rows = await self.world.rows(schema.outbox, participant_id=self.id)
        cipher = await self.world.database.read(lambda conn: people.participant(conn, self.world.vault, self.id).cipher)
        found = [decode_outbound(cipher.open(f"outbox.body|{self.id}|{row.seq}", row.sealed_body)) for row in rows]
        new = found[self.seen :]
        self.seen = len(found)
        self.told += new
        return new

    async def says(self, text: str) -> list[Outbound]:
        """Type something: what they are told then."""
        return [message for _, message in (await self.send(self.message(text))).messages]

    async def taps(self, tap: Tap | Button, text: str = "") -> list[Outbound]:
        """Press a button, with words beside it if there are any."""
        pressed = tap.tap if isinstance(tap, Button) else tap
        return [message for _, message in (await self.send(self.message(text, pressed))).messages]

    async def chooses(self, *options: str, words: str = "") -> list[Outbound]:
        """Press or tick options of the question that waits, by name."""
        return await self.taps(Tap(self.waits.conversation, self.waits.step, "choose", options), words)

    async def presses(self, action: str) -> list[Outbound]:
        """Press the button under the question or the offer that waits which does this. They have to see it."""
        found = [each for each in (*self.waits.buttons, *self.waits.controls) if each.tap.action == action]
        assert found, f"{self.waits.step} shows no way to {action}"
        return await self.taps(found[0])

    async def shares(self, *lines: str) -> list[Outbound]:
        """Choose the lines to share among those on the screen, by the name of their step or ``step|group``."""
        await self.presses("share_choose")
        ids = tuple(button.tap.choices[0] for button in self.waits.buttons)
        chosen = tuple(line for line in ids if line.rpartition("/")[2] in lines)
        assert len(chosen) == len(lines), f"{lines} are not all among {ids}"
        return await self.taps(Tap(self.waits.conversation, self.waits.step, "share_lines", chosen))

    async def skips_to(self, step: str) -> None:
        """Skip (or tap OK) until this step waits."""
        while self.step != step:
            before = self.waits
            await self.skips_one()
            assert self.waits is not before, f"{step} does not come after {before.step}"

    async def skips_all(self) -> None:
        """Skip whatever is asked until nothing is, and keep everything at the share step."""
        while self.told[-1].kind != "closed":
            before = len(self.told)
            await (self.presses("share_none") if self.waits.kind == "offered" else self.skips_one())
            assert len(self.told) > before, "nothing happens any more"

    async def skips_one(self) -> list[Outbound]:
        """Skip the question that waits, or tap its OK."""
        is_ok = [each for each in self.waits.buttons if each.tap.choices == ("ok",)]
        return await (self.taps(is_ok[0]) if is_ok else self.presses("skip"))

    async def onboards(self, work: str = "neither", topics: Sequence[str] = TOPICS) -> None:
        """Hold the first conversation to its end: say how it is about work, and what may be asked about."""
        await self.says("start")
        await self.skips_to("explained")
        await self.chooses("me")
        await self.chooses("yes")
        await self.chooses(work)
        await self.chooses(*topics)
        await self.presses("skip")

    # What they see ----------------------------------------------------------------------------------------------------

    @property
    def waits(self) -> Outbound:
        """The question or the offer they were shown last."""
        return next(message for message in reversed(self.told) if message.kind in WAITING)

    @property
    def step(self) -> str:
        """Its step, without the dialogue."""
        return self.waits.step.rpartition("/")[2]

    @property
    def texts(self) -> list[str]:
        """All they were told, without the marks around names."""
        return [plain(message.text) for message in self.told]

    # What is kept -----------------------------------------------------------------------------------------------------

    async def answers(self, *, latest: bool = False) -> list[GivenAnswer]:
        """Every revision in the order of giving, or the one of each question that counts."""

        def read(conn: Connection) -> list[GivenAnswer]:
            cipher = people.participant(conn, self.world.vault, self.id).cipher
            asked = select(schema.answer).filter_by(participant_id=self.id).order_by(schema.answer.c.revision)
            return [_opened(row, checkins.words_of(cipher, row)) for row in conn.execute(asked)]

        every = await self.world.database.read(read)
        return list({(one.conversation, one.question): one for one in every}.values()) if latest else every

    async def answered(self, conversation: int | None = None) -> dict[str, str]:
        """Question -> the value that counts, of one conversation or of all, for those that were answered."""
        of = [one for one in await self.answers(latest=True) if conversation in (None, one.conversation)]
        return {one.question: one.value for one in of if one.outcome == "answered"}

    async def state(self) -> str:
        """active, paused or stopped."""
        return str((await self.world.rows(schema.participant, id=self.id))[0].state)

    async def conversations(self) -> list[tuple[str, str]]:
        """Dialogue and state of each."""
        return [(row.dialogue, row.state) for row in await self.world.rows(schema.conversation, participant_id=self.id)]

    async def seqs(self) -> list[int]:
        """The numbers of everything that was said on both sides, in order."""
        both = [await self.world.rows(table, participant_id=self.id) for table in (schema.inbox, schema.outbox)]
        return sorted(row.seq for rows in both for row in rows)


def _opened(row: Any, words: str) -> GivenAnswer:
    number = [] if row.number is None else [f"{row.number:g}"]
    value = " ".join(filter(None, [*number, *(row.choices or ()), row.day, words]))
    question = row.question.rpartition("/")[2] + (f":{row.each}" if row.each else "")
    return GivenAnswer(row.conversation, question, row.revision, row.outcome, value, row.language)


def worded(messages: Iterable[Outbound], language: str) -> Sequence[str]:
    """Contexts of the wording around the scripts that these messages are, in one language."""
    contexts = {text: context for context, text in catalogs().ui(language).items()}
    return [contexts.get(plain(message.text), message.step) for message in messages]


@asynccontextmanager
async def opened(url: str, master_key: bytes) -> AsyncIterator[tuple[Database, Vault]]:
    """A database and its vault, for as long as they are used here."""
    database = Database.open(url)
    try:
        yield database, await database.write(lambda conn: Vault.open(conn, master_key))
    finally:
        await database.close()


async def deployed(database: Database, vault: Vault) -> TurnWorld:
    """A deployment in a migrated database without rows, with the shipped scripts published."""
    specialist = await database.write(lambda conn: _made(conn, vault))
    return TurnWorld(database, vault, specialist, programme())


def publish_shipped(conn: Connection) -> None:
    """Publish the shipped scripts, as ``bot.publishing.publish`` does in a new database. What is published is worked
    out once: hundreds of tests begin with it."""
    if rows := _PUBLISHED:
        conn.execute(insert(schema.script_version), rows)
        return
    publish(conn, shipped(), catalogs(), by="test", now=MONDAY)
    rows += [dict(row._mapping) for row in conn.execute(select(schema.script_version)).all()]


_PUBLISHED: list[dict[str, Any]] = []


def _made(conn: Connection, vault: Vault) -> int:
    publish_shipped(conn)
    return people.add_staff(
        conn,
        vault,
        name="Kim Berg",
        mail="kim@example.org",
        role="specialist",
        language="en",
        time_zone="Europe/Oslo",
        now=MONDAY,
    )
