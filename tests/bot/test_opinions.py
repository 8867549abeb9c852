"""Opinions: coordinators read how often a question was found wanting, and never by whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.console.opinions import Opinion, opinions
from bot.digest.words import StaffWords
from dialogues import loader
from storage import feedback
from storage.feedback import Opinions
from tests.bot.digest_samples import NOW, plain
from tests.bot.staff_world import World, world
from tests.bot.turn_world import catalogs

TALK = """
dialogue: talk
language: en
steps:
  week:
    ask: How was your week?
    answer: text
"""


def said(*found: Opinions) -> tuple[Opinion, ...]:
    words = StaffWords(catalogs(), "en", "UTC", date(2026, 3, 2))
    told = opinions(found, "talk", loader.load(TALK), words, lambda code: {"en": "English", "ar": "Arabic"}[code])
    return tuple(Opinion(one.question, tuple(map(plain, one.said))) for one in told)


def test_each_question_has_its_reasons_counted_by_language() -> None:
    found = (
        Opinions("talk", "talk/week", "not_clear", "en", 2),
        Opinions("talk", "talk/week", "translation", "ar", 1),
        Opinions("talk", "talk/week", "not_good", "en", 1),
    )
    told = ("Not clear: 2 (English)", "Not good for me: 1 (English)", "The words are wrong: 1 (Arabic)")
    assert said(*found) == (Opinion("How was your week?", told),)


def test_what_was_said_where_another_dialogue_ran_the_question_counts_with_it() -> None:
    found = (
        Opinions("longer", "talk/week", "not_clear", "en", 3),
        Opinions("talk", "talk/week", "not_clear", "en", 2),
        Opinions("longer", "longer/hard", "not_clear", "en", 9),
    )
    assert said(*found) == (Opinion("How was your week?", ("Not clear: 5 (English)",)),)


def test_a_question_that_is_not_asked_any_more_stands_by_its_name() -> None:
    assert said(Opinions("talk", "talk/gone", "not_good", "en", 1))[0].question == "talk/gone"


def test_without_opinions_there_is_nothing() -> None:
    assert said() == ()


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def test_coordinators_read_them_beside_the_script_and_specialists_do_not(service: World) -> None:
    def add(conn: Connection) -> None:
        about = {"dialogue": "checkin", "step": "checkin/week", "version": 1, "language": "en"}
        for _ in range(2):
            feedback.add(conn, **about, reason="not_clear", at=NOW)

    await service.database.write(add)
    async with service.browsing(await service.staff("Nora", "coordinator")) as coordinator:
        html = plain(await (await coordinator.get("/scripts/checkin")).text())
        assert "What participants said about questions" in html
        assert "Not clear: 2 (English)" in html
    async with service.browsing(await service.staff("Anna")) as specialist:
        assert (await specialist.get("/scripts/checkin")).status != 200
