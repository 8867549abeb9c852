"""Nobody changes alone what is shared, who takes part, or where help is."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import Connection, update

from bot.config import SCRIPTS
from bot.helping import says_help
from bot.publishing import Checked, publish, waiting
from bot.seconding import NotTwo, are_two, needs_two, two_coordinators
from dialogues import loader
from storage import people, schema, scripts
from storage.database import Database
from storage.scripts import ScriptVersion
from storage.vault import Vault
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
        assert published(conn, TALK, "start", "") == (1, "start"), "the folder's first version needs nobody"
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


HARD = """\
dialogue: weekly
title: A week
language: en

remember:
  week_before: weekly/week

steps:

  job:
    ask: Do you have a job?
    answer: yes or no

  week:
    when: job was answered
    ask: How was your week?
    answer: scale 1 to 5
    points: [Very hard, Hard, In between, Good, Very good]

  mood:
    ask: And you?
    answer: scale 1 to 5
    points: [Very low, Low, In between, Good, Very good]

  not_alone:
    when:
      - week is at most 1
      - week_before is at most 1
    say: You do not have to be alone with this.

  union:
    ask: Who could help?
    answer: one of
    options:
      rep: A safety representative
      line: The line 800 33 840
    label: Who could help

  elsewhere:
    say: Noen kan snakke med deg.
    tags: says:help

  last:
    say: That is all.
"""


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("- week is at most 1", "- week is at least 5"),
        ("week_before is at most 1", "week_before is at most 3"),
        ("week_before: weekly/week", "week_before: weekly/mood"),
        ("    when: job was answered\n    ask: How", "    when: job is yes\n    ask: How"),
        ("    answer: scale 1 to 5\n", "    answer: scale 1 to 5\n    not again within: 60 days\n"),
        ("points: [Very hard, Hard,", "points: [Hard, Very hard,"),
        ("  not_alone:", "  more:\n    ask: And what else?\n    answer: text\n\n  not_alone:"),
        ("  not_alone:", "  not_here:"),
        ("be alone with this", "worry"),
        ("800 33 840", "800 33 841"),
        ("A safety representative", "Somebody"),
        ("label: Who could help", "label: Who"),
        ("Noen kan snakke", "Ingen kan snakke"),
        ("    tags: says:help\n", ""),
        ("  union:\n", "  union:\n    when: job is yes\n"),
    ],
)
def test_where_help_is_and_when_it_is_shown_takes_two(before: str, now: str) -> None:
    assert before in HARD
    assert changes(HARD, HARD.replace(before, now, 1))


@pytest.mark.parametrize(
    ("before", "now"),
    [("How was your week?", "How was this week?"), ("That is all.", "Goodbye."), ("title: A week", "title: Week")],
)
def test_what_help_does_not_depend_on_takes_one(before: str, now: str) -> None:
    assert before in HARD
    assert not changes(HARD, HARD.replace(before, now, 1))


def changes(before: str, now: str) -> bool:
    """Whether it takes two to come from one script to the other."""
    scripts_of = {source: loader.load(source) for source in (before, now)}
    texts = {source: dict(catalogs().written_texts(script, "en") or {}) for source, script in scripts_of.items()}
    version = ScriptVersion("weekly", 1, "", {"weekly": before}, {"en": texts[before]}, MONDAY, "start")
    return needs_two(version, scripts_of[now], {"en": texts[now]})


def test_no_step_of_a_shipped_script_names_help_unguarded() -> None:
    library = {each.stem: each.read_text(encoding="utf-8") for each in SCRIPTS.glob("*.yaml")}
    steps = [step for text in library.values() for step in loader.load(text, library=library).steps]
    naming = [step for step in steps if re.search(r"Help now|emergency|in danger|[0-9]{3}", step.text)]
    assert len(naming) >= 5
    assert [step.key for step in naming if not says_help(step)] == []


async def test_the_two_are_coordinators_with_an_account_each(database: Database, vault: Vault) -> None:
    def work(conn: Connection) -> None:
        for name, role in (("Noor", "coordinator"), ("Bo", "coordinator"), ("Anna", "specialist")):
            about = {"name": name, "mail": f"{name.lower()}@service.example", "role": role, "language": "en"}
            people.add_staff(conn, vault, **about, time_zone="UTC", now=MONDAY)
        noor, bo = "noor@service.example", "BO@service.example "
        assert [one.name for one in two_coordinators(conn, vault, noor, bo)] == ["Noor", "Bo"]
        for second, why in (
            ("NOOR@service.example", "same person"),
            ("anna@service.example", "Anna is no coordinator"),
            ("kim@service.example", '"kim@service.example" is the mail of nobody here'),
            (" ", "A mail is missing"),
        ):
            with pytest.raises(NotTwo, match=why):
                two_coordinators(conn, vault, noor, second)
        gone = update(schema.staff).where(schema.staff.c.role == "coordinator").values(active=False)
        conn.execute(gone)
        with pytest.raises(NotTwo, match="nobody here"):
            two_coordinators(conn, vault, noor, bo)

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
