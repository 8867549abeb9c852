"""The baseline: the same turn as many projects write it, one ORM session and one transaction for each message.

It plays the same script with the same engine. It encrypts nothing, knows no commands and only one language: whatever
Medvind does beyond that is done at Medvind's cost in the comparison.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String, Text, event, insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from benchmarks.checkin import DIALOGUE, PEOPLE, REPLIES, Reply, given, script
from benchmarks.load import Turn
from dialogues.engine import play, start
from dialogues.events import Answered, Asked, Event
from dialogues.model import AnswerKind, Ask
from dialogues.session import Answer, Session

Talk = Callable[[int, int, int], Awaitable[dict[str, Any]]]
"""A turn as in ``benchmarks.load``, and what the person is shown next."""

Id = BigInteger().with_variant(Integer, "sqlite")
Instant = DateTime(timezone=True)


class Base(DeclarativeBase):
    """The baseline's own tables."""


class Person(Base):
    """Somebody who holds check-ins."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    language: Mapped[str] = mapped_column(String(20))


class Received(Base):
    """A message that came in. The database refuses a second copy."""

    __tablename__ = "received"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    message_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Conversation(Base):
    """One check-in of one person."""

    __tablename__ = "conversation"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    dialogue: Mapped[str] = mapped_column(String(64))
    session: Mapped[str] = mapped_column(Text)


class Given(Base):
    """An answer."""

    __tablename__ = "given"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    conversation: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(130), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


class Queued(Base):
    """A message that goes out."""

    __tablename__ = "queued"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Turn]:
    """The baseline's turn on an empty database."""
    async with talking(url) as talk:

        async def turn(person: int, before: int, step: int) -> None:
            await talk(person, before, step)

        yield turn


@asynccontextmanager
async def talking(url: str) -> AsyncIterator[Talk]:
    """The same, for whoever passes on what the person is shown."""
    engine = _engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        people = [{"id": number, "language": "en"} for number in range(1, PEOPLE + 1)]
        await connection.execute(insert(Person), people)
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def talk(person: int, before: int, step: int) -> dict[str, Any]:
        async with sessions.begin() as database:
            return await _turn(database, person, before, step)

    yield talk
    await engine.dispose()


async def _turn(database: AsyncSession, person: int, number: int, step: int) -> dict[str, Any]:
    now = datetime.now(UTC)
    body = json.dumps(asdict(REPLIES[step - 1])) if step else "start"
    database.add(Received(person_id=person, message_id=f"{number}.{step}", body=body, at=now))
    await database.flush()
    if step == 0:
        events = await _start(database, person, number)
    else:
        events = await _answer(database, person, number, REPLIES[step - 1], now)
    message = _message(events)
    database.add(Queued(person_id=person, body=json.dumps(message), at=now))
    return message


async def _start(database: AsyncSession, person: int, number: int) -> Sequence[Event]:
    await database.get_one(Person, person, with_for_update=True)
    session, events = start(script())
    database.add(Conversation(person_id=person, number=number, dialogue=DIALOGUE, session=session.to_json().decode()))
    return events


async def _answer(database: AsyncSession, person: int, number: int, reply: Reply, now: datetime) -> Sequence[Event]:
    conversation = await database.get_one(Conversation, (person, number), with_for_update=True)
    session = Session.from_json(conversation.session)
    session, events = play(script(), session, given(reply, session))
    conversation.session = session.to_json().decode()
    for name, answer in _answers(events):
        database.add(Given(person_id=person, conversation=number, question=name, answer=answer, at=now))
    return events


def _answers(events: Sequence[Event]) -> list[tuple[str, str]]:
    return [
        (happened.name, msgspec.json.encode(happened.answer).decode())
        for happened in events
        if isinstance(happened, Answered) and isinstance(happened.answer, Answer)
    ]


def _message(events: Sequence[Event]) -> dict[str, Any]:
    """What the person is shown next."""
    for happened in events:
        if isinstance(happened, Asked):
            step = script().step(happened.name)
            assert isinstance(step, Ask), "only questions are asked"
            return {"text": step.text, "buttons": _buttons(step), "number": happened.number, "total": happened.total}
    return {"text": "Thank you."}


def _buttons(step: Ask) -> list[dict[str, str]]:
    """What can be pressed. Several answers to one question are written."""
    if step.kind is AnswerKind.YES_OR_NO:
        return [{"name": "yes", "label": "Yes"}, {"name": "no", "label": "No"}]
    if step.scale is not None:
        points = range(step.scale.low, step.scale.high + 1)
        return [{"name": str(point), "label": str(point)} for point in points]
    return [{"name": option.name, "label": option.text} for option in step.options]


def _engine(url: str) -> AsyncEngine:
    """The async engine with durable commits. Connections are kept: those that a pool opens beyond its size are made
    anew each time, which halves the rate. SQLite has one writer, so more connections would only wait for each other."""
    if not url.startswith("sqlite"):
        return create_async_engine(url.replace("+psycopg", "+asyncpg"), pool_size=16, max_overflow=0)
    engine = create_async_engine(url.replace("sqlite:", "sqlite+aiosqlite:"), pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def _durable(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")

    return engine
