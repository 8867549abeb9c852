"""Answers: of all conversations what stands now, for several people with one statement."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, event

from storage import answers, checkins, people
from storage.answers import Stored
from storage.checkins import Given, Talk
from storage.database import Database
from storage.vault import Vault

DAY = timedelta(days=1)


@pytest.fixture
async def tariq(database: Database, vault: Vault, now: datetime) -> int:
    """Another participant."""
    values = {"name": "Tariq", "pseudonym": "T.", "language": "en", "time_zone": "Europe/Oslo", "now": now}
    return await database.write(lambda conn: people.add_participant(conn, vault, **values))  # type: ignore[arg-type]


def talk(person: int, number: int, at: datetime, dialogue: str = "weekly_checkin") -> Talk:
    return Talk(person, number, dialogue, 3, "closed", at, None, at, b"")


def given(person: int, conversation: int, question: str, revision: int, at: datetime, **values: object) -> Given:
    """An answer, "yes" where nothing else is said."""
    usual: dict[str, object] = {
        "each": "", "outcome": "answered", "choices": ["yes"], "number": None, "day": None, "sealed_words": None,
    }  # fmt: skip
    made = {**usual, **values}
    return Given(
        person,
        conversation,
        question,
        revision=revision,
        version=3,
        language="en",
        at=at,
        **made,  # type: ignore[arg-type]
    )


async def stored(database: Database, talks: list[Talk], rows: list[Given]) -> None:
    def work(conn: Connection) -> None:
        checkins.begin(conn, talks)
        checkins.add_answers(conn, rows)

    await database.write(work)


async def standing(database: Database, *ids: int, since: datetime = answers.EVER) -> dict[int, list[Stored]]:
    return await database.read(lambda conn: answers.standing(conn, ids, since))


async def test_of_every_conversation_the_newest_revision_stands(database: Database, samira: int, now: datetime) -> None:
    rows = [
        given(samira, 1, "weekly_checkin/week", 3, now, choices=None, number=2.0),
        given(samira, 1, "weekly_checkin/week", 9, now, choices=None, number=4.0),
        given(samira, 1, "weekly_checkin/hard", 5, now, each="noise"),
        given(samira, 1, "weekly_checkin/hard", 6, now, each="sleep"),
        given(samira, 2, "my_web/what", 21, now + DAY),
    ]
    await stored(database, [talk(samira, 1, now), talk(samira, 2, now + DAY, "my_web")], rows)
    found = (await standing(database, samira))[samira]
    assert [(one.dialogue, one.given.question, one.given.each, one.given.revision) for one in found] == [
        ("weekly_checkin", "weekly_checkin/hard", "noise", 5),
        ("weekly_checkin", "weekly_checkin/hard", "sleep", 6),
        ("weekly_checkin", "weekly_checkin/week", "", 9),
        ("my_web", "my_web/what", "", 21),
    ]
    assert found[2].given == rows[1]
    assert found[3].given.choices == ["yes"]


@pytest.mark.parametrize("outcome", ["retracted", "skipped", "does_not_fit"])
async def test_what_was_taken_back_or_skipped_is_not_there(
    database: Database, samira: int, now: datetime, outcome: str
) -> None:
    rows = [
        given(samira, 1, "weekly_checkin/week", 3, now),
        given(samira, 1, "weekly_checkin/week", 9, now, outcome=outcome, choices=None),
    ]
    await stored(database, [talk(samira, 1, now)], rows)
    assert await standing(database, samira) == {}


async def test_only_conversations_from_a_moment_on_are_read(database: Database, samira: int, now: datetime) -> None:
    talks = [talk(samira, 1, now), talk(samira, 2, now + DAY)]
    await stored(database, talks, [given(samira, number, "a/b", number, now + 2 * DAY) for number in (1, 2)])
    found = await standing(database, samira, since=now + DAY)
    assert [one.given.conversation for one in found[samira]] == [2]


async def test_several_people_are_read_with_one_statement_and_never_mixed(
    database: Database, samira: int, tariq: int, now: datetime
) -> None:
    rows = [given(person, 1, "a/b", 1, now) for person in (samira, tariq)]
    await stored(database, [talk(samira, 1, now), talk(tariq, 1, now)], rows)
    statements: list[str] = []

    def read(conn: Connection) -> dict[int, list[Stored]]:
        event.listen(conn, "before_cursor_execute", lambda *told: statements.append(told[2]))
        return answers.standing(conn, [samira, tariq])

    found = await database.read(read)
    assert {person: [one.given.participant_id for one in rows] for person, rows in found.items()} == {
        samira: [samira],
        tariq: [tariq],
    }
    assert len(statements) == 1
    assert list(await standing(database, tariq)) == [tariq]


async def test_what_was_written_opens_with_the_persons_key(
    database: Database, vault: Vault, samira: int, now: datetime
) -> None:
    cipher = await database.read(lambda conn: people.participant(conn, vault, samira).cipher)
    sealed = checkins.seal_words(cipher, (samira, 1, "a/b", "", 4), "the long stairs")
    await stored(database, [talk(samira, 1, now)], [given(samira, 1, "a/b", 4, now, sealed_words=sealed)])
    (one,) = (await standing(database, samira))[samira]
    assert checkins.words_of(cipher, one.given) == "the long stairs"
