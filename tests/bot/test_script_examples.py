"""Saved examples of a conversation: recorded once, played before each publishing, told in names and never in words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.editor import examples as playing
from bot.editor.examples import NoAnswer, played
from dialogues.loader import load
from storage import examples
from tests.bot.staff_world import CHECKIN, World, world
from tests.bot.test_script_pages import Browser, change, html_of, post

SCRIPT = load(CHECKIN)
TODAY = date(2026, 3, 2)
EVERY_KIND = """\
dialogue: kinds
language: en

remember:
  before: kinds/words
  days: kinds/count

steps:

  info:
    ask: This is how it goes.
    answer: ok

  words:
    ask: What?
    answer: text

  count:
    ask: How many?
    answer: number

  day:
    ask: When?
    answer: date

  sure:
    ask: Sure?
    answer: yes or no

  what:
    ask: What was hard?
    answer: any of
    most: 2
    options:
      work: Work
      home: Home
      money: Money
      nothing: Nothing
    alone: nothing
    own words: yes

  how:
    for each: what
    ask: How hard ({each})?
    answer: scale 1 to 3

  again:
    when: before was answered
    say: Last time you said {before}.

  many:
    when: days is at least 3
    say: Many.
"""


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def record(browser: Browser, name: str = "A hard week", **answers: str) -> str:
    fields = {"name": name, **{f"answer-{step}": answer for step, answer in answers.items()}}
    answer = await post(browser, "/scripts/checkin/examples", fields)
    return "" if answer.status == 303 else await html_of(answer, 422)


async def test_an_example_is_recorded_and_keeps_a_change_from_being_published(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        assert await record(browser, week="1", sure="2", hard="noise", sharing="all") == ""
        page = await html_of(await browser.get("/scripts/checkin/examples"))
        assert "It goes as it went." in page
        assert "shared sharing week sure hard" in page
        await change(browser, do="reword", step="week", part="", text="And the week?")
        assert "It goes as it went." in await html_of(await browser.get("/scripts/checkin/examples"))
        await change(browser, do="set_key", step="hard", key="when", value="week is at least 2")
        said = "Example A hard week, step 3: it was asked hard, and it is asked help now."
        page = await html_of(await browser.get("/scripts/checkin/publish"))
        assert said in page
        assert "Publish it now" not in page
        refused = await post(browser, "/scripts/checkin/publish", {"revision": "r2", "note": "Less."})
        assert refused.status == 422
        assert (await post(browser, "/scripts/checkin/examples/1", {})).status == 303
        page = await html_of(await browser.get("/scripts/checkin/publish"))
        assert said not in page
        assert "Publish it now" in page


async def test_what_cannot_be_an_example_is_said(service: World) -> None:
    async with service.browsing(await service.staff("Nora", "coordinator")) as browser:
        assert "Give the example a name" in await record(browser, name=" ")
        assert "7 does not fit the question week." in await record(browser, week="7")
        broken = {"name": "Lines", "answers": "week 1"}
        answer = await post(browser, "/scripts/checkin/examples", broken)
        assert "This is not a step with an answer: week 1" in await html_of(answer, 422)
        assert "never comes to: nowhere" in await record(browser, nowhere="1")
        lines = {"name": "Lines", "answers": "week: 4\r\nhard: nothing\r\nsharing: week"}
        assert (await post(browser, "/scripts/checkin/examples", lines)).status == 303
        assert (await post(browser, "/scripts/checkin/examples/9", {})).status == 404
        assert (await post(browser, "/scripts/checkin/examples/9/remove", {})).status == 404
        [kept] = await service.database.read(lambda conn: examples.of(conn, "checkin"))
        assert kept.answers == {"week": "4", "hard": "nothing", "sharing": "week"}
        assert ["shared", "sharing", "week"] in kept.course
        assert (await post(browser, "/scripts/checkin/examples/1/remove", {})).status == 303
        assert await service.database.read(lambda conn: examples.of(conn, "checkin")) == []


def test_every_kind_of_answer_is_played() -> None:
    script = load(EVERY_KIND)
    answers = {
        "words": "Something",
        "count": "2.5",
        "day": "2026-03-02",
        "sure": "yes",
        "what": "work, =the noise",
        "how": "3",
        "before": "a walk",
        "days": "4",
    }
    course = played(script, answers, TODAY)
    assert [" ".join(each) for each in course] == [
        "asked info",
        "asked words",
        "asked count",
        "asked day",
        "asked sure",
        "asked what",
        "asked how:work",
        "asked how:own_words",
        "said again",
        "said many",
        "closed",
    ]
    assert playing.unasked(answers, course, script) == []
    assert played(script, {}, TODAY)[-2:] == (("asked", "what"), ("closed",))


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("count", "many"),
        ("day", "tomorrow"),
        ("sure", "maybe"),
        ("what", "work, home, money"),
        ("what", "nothing, work"),
        ("what", "garden"),
        ("how", "9"),
    ],
)
def test_an_answer_that_does_not_fit_is_named(step: str, answer: str) -> None:
    answers = {"what": "work", step: answer}
    found = playing.refused(played(load(EVERY_KIND), answers, TODAY))
    assert found is not None
    assert (found[0].partition(":")[0], found[1]) == (step, answer)


def test_an_option_that_goes_breaks_its_example() -> None:
    course = played(SCRIPT, {"hard": "noise"}, TODAY)
    without = load(CHECKIN.replace("      noise: Noise or many people\n", ""))
    found = playing.first_difference(course, played(without, {"hard": "noise"}, TODAY))
    assert found is not None
    assert "refused hard noise" in found
    assert playing.first_difference([list(each) for each in course], course) is None


def test_lines_are_read_and_written() -> None:
    answers = playing.read_answers("week: 1\n\n good: =a: b \n")
    assert answers == {"week": "1", "good": "=a: b"}
    assert playing.read_answers(playing.written(answers)) == answers
    for wrong in ("week", ": 1", "week:", "a: 1\na: 2", "a: " + "x" * 500):
        with pytest.raises(NoAnswer):
            playing.read_answers(wrong)


def test_words_never_stand_in_a_course() -> None:
    reworded = replace(SCRIPT, steps=tuple(replace(step, text="Other") for step in SCRIPT.steps))
    answers = {"week": "2", "good": "=secret words", "sharing": "all"}
    course = played(SCRIPT, answers, TODAY)
    assert course == played(reworded, answers, TODAY)
    assert "secret" not in str(course)
