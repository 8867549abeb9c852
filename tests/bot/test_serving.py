"""Serving: the demo as a process that is stopped, killed, and started again on the same data."""

from __future__ import annotations

import secrets
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import astuple
from pathlib import Path
from urllib.parse import urljoin

import pytest
from sqlalchemy import func, select

from bot.app import DialogueMissing, Parts, opened
from bot.config import SCRIPTS, Settings
from bot.publishing import NotPublished
from bot.serving import demo_people
from storage import schema
from storage.scripts import latest_version
from tests.bot.own_script import write_script
from tests.bot.shown_text import shown
from tests.running_demo import Visitor, running_demo

STEPS = ("free_choice", "limits", "not_live", "explained", "taking_part")
"""Questions of the onboarding, in order."""


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda ending: ending.name)
def test_a_conversation_goes_on_where_it_was(tmp_path: Path, ending: signal.Signals) -> None:
    """The cookie, the old link and the new one all lead to the same place, after each of three ends."""
    visitor, link = Visitor(), ""
    for number, step in enumerate(STEPS[:3]):
        with running_demo(tmp_path, ending=ending) as demo:
            link = link or demo.chat
            if number == 0:
                visitor.open_chat(link)
            here = urljoin(demo.chat, "/")
            page = visitor.get(urljoin(here, "/chat"))
            assert waits(page, step)
            assert waits(Visitor().open_chat(urljoin(here, link.partition("/c/")[1] + link.partition("/c/")[2])), step)
            assert waits(Visitor().open_chat(demo.chat), step)
            assert waits(visitor.answer(demo.chat, page), STEPS[number + 1])


def waits(page: str, step: str) -> bool:
    """Whether this question is asked last, and once."""
    words = shown(f"onboarding/{step}", "en").splitlines()[0]
    log, _, answers = page.partition('id="answer"')
    return log.count(words) == 1 and f"onboarding/{step}&#34;" in answers


@asynccontextmanager
async def medvind(folder: Path, key: bytes, **settings: Path) -> AsyncIterator[Parts]:
    async with opened(Settings(folder=folder, **settings), key) as parts:
        yield parts


async def test_the_people_of_the_demo_are_made_once_and_get_new_links_each_time(tmp_path: Path) -> None:
    key, links = secrets.token_bytes(32), []
    for _ in range(2):
        async with medvind(tmp_path, key) as parts:
            links.append(await parts.database.write(lambda conn, parts=parts: demo_people(conn, parts)))
    async with medvind(tmp_path, key) as parts:
        counted = [
            await parts.database.read(lambda conn, table=table: conn.scalar(select(func.count()).select_from(table)))
            for table in (schema.participant, schema.staff, schema.assignment, schema.access_link)
        ]
    assert counted == [1, 5, 1, 12]
    assert len({link for each in links for link in astuple(each)}) == 12


async def test_a_dialogue_that_was_published_is_there_without_its_file(tmp_path: Path) -> None:
    key, other = secrets.token_bytes(32), write_script(tmp_path)
    with pytest.raises(DialogueMissing, match="names onboarding, weekly_checkin"):
        async with medvind(tmp_path / "var", key, scripts=other):
            pass
    async with medvind(tmp_path / "var", key):
        pass
    async with medvind(tmp_path / "var", key, scripts=other) as parts:
        latest = await parts.database.read(lambda conn: parts.shelf.latest(conn, "onboarding"))
        assert latest is not None


async def test_a_slip_in_a_script_keeps_nobody_from_going_on_with_what_was_published(tmp_path: Path) -> None:
    key, scripts = secrets.token_bytes(32), tmp_path / "scripts"
    shutil.copytree(SCRIPTS, scripts)
    slipped = scripts / "weekly_checkin.yaml"
    slipped.write_text(slipped.read_text(encoding="utf-8").replace("answer: any of", "answer: any off", 1))
    with pytest.raises(NotPublished):
        async with medvind(tmp_path / "new", key, scripts=scripts):
            pass
    async with medvind(tmp_path / "var", key) as parts:
        assert parts.problems == ()
    async with medvind(tmp_path / "var", key, scripts=scripts) as parts:
        assert [problem.code for problem in parts.problems] == ["MV019"]
        assert await parts.database.read(lambda conn: latest_version(conn, "weekly_checkin")) == 1
