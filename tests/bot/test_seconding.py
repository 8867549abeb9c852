"""Nobody changes alone what is shared, who takes part, or where help is."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from bot.publishing import Checked, publish, waiting
from bot.seconding import are_two
from dialogues import loader
from storage import scripts
from storage.database import Database
from tests.bot.turn_world import MONDAY, catalogs

TALK = """\
dialogue: talk
title: A talk
language: en

steps:

  start:
    ask: Do you want to start?
    answer: yes or no
    tags: consent

  week:
    ask: How was your week?
    answer: text
    label: Week

  sharing:
    share: This is what {specialist} will see.
    offer: week

  help:
    when: week was skipped
    say: '"Help now" shows who you can call.'

  goodbye:
    say: That is all.
"""


def folder(source: str) -> Checked:
    """A folder with this one script."""
    return Checked({"talk": source}, {"talk": loader.load(source)}, ())


def published(conn: Connection, source: str, by: str, second: str | None) -> tuple[int, str]:
    """The version after publishing, and who stands beside it."""
    publish(conn, folder(source), catalogs(), by=by, now=MONDAY, second=second)
    latest = scripts.latest(conn, "talk")
    assert latest is not None
    return latest.version, latest.published_by


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("what {specialist} will see", "what goes to {specialist}"),
        ("offer: week", "offer: week\n    when: week was answered"),
        ("    label: Week", "    label: Week\n    private: yes"),
        ("Do you want to start?", "We start now?"),
        ("    tags: consent\n", ""),
        ("was skipped", "was answered"),
        ("shows who you can call", "is there"),
        ("    label: Week", "    label: Week\n    tags: asks:contact"),
        ("  help:", "  more:\n    share: And this.\n    offer: week\n\n  help:"),
    ],
)
async def test_what_is_guarded_takes_two(database: Database, before: str, now: str) -> None:
    changed = TALK.replace(before, now)
    assert changed != TALK

    def work(conn: Connection) -> None:
        assert published(conn, TALK, "start", "") == (1, "start"), "a first version changes nothing"
        assert waiting(conn, folder(changed), catalogs()) == {"talk": 1}
        assert published(conn, changed, "start", "") == (1, "start")
        assert published(conn, changed, "Noor", "noor ") == (1, "start"), "the same name twice is one person"
        assert published(conn, changed, "Noor", "Bo") == (2, "Noor, Bo")

    await database.write(work)


@pytest.mark.parametrize(("before", "now"), [("How was your week?", "How was it?"), ("That is all.", "Goodbye.")])
async def test_anything_else_takes_one(database: Database, before: str, now: str) -> None:
    def work(conn: Connection) -> None:
        published(conn, TALK, "start", "")
        assert published(conn, TALK.replace(before, now), "Noor", "") == (2, "Noor")

    await database.write(work)


async def test_in_an_example_one_is_enough(database: Database) -> None:
    def work(conn: Connection) -> None:
        published(conn, TALK, "start", None)
        assert published(conn, TALK.replace("This is what", "Here is what"), "start", None) == (2, "start")

    await database.write(work)


async def test_a_version_of_an_older_format_cannot_be_compared(database: Database) -> None:
    def work(conn: Connection) -> None:
        scripts.publish(conn, "talk", {"talk": TALK.replace("  goodbye:", "  topic:")}, {"en": {}}, "start", MONDAY)
        assert waiting(conn, folder(TALK), catalogs()) == {"talk": 1}

    await database.write(work)


async def test_a_language_that_comes_is_no_change_of_the_others(database: Database) -> None:
    class More:
        """The same languages, and one that has all the texts now."""

        languages = (*catalogs().languages, "so")

        def written_texts(self, script: loader.Script, language: str) -> dict[str, str] | None:
            own = catalogs().script_texts(script, "en")
            return dict(own) if own is not None and language in ("en", "so") else None

    def work(conn: Connection) -> None:
        published(conn, TALK, "start", "")
        assert waiting(conn, folder(TALK), More()) == {}  # type: ignore[arg-type]

    await database.write(work)


@pytest.mark.parametrize(("by", "second", "two"), [("a", "b", True), ("a", "", False), ("A ", "a", False)])
def test_two_names_are_two_people(by: str, second: str, two: bool) -> None:
    assert are_two(by, second) is two
