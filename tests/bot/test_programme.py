"""A programme is used whole and checked, or refused with every mistake at its line."""

from __future__ import annotations

import inspect
import re
from datetime import date
from pathlib import Path

import pytest

import bot
from bot.programme import ABOUT, COSTS, DAYS, READS, Hours, Programme, ProgrammeRefused, load_programme, read_programme

TODAY = date(2026, 6, 1)
DEMO = Path(bot.__file__).parent / "demo" / "programme.yaml"
REAL = """
service: Ved siden av
country: NO
time zone: Europe/Oslo
languages: [en, nb, ar]
host language: nb
specialist reads: twice a week
first: onboarding
check-in: weekly_checkin
help:
  ambulance: 113
  lines:
    - {name: One, about: talk, call: 116 123, hours: always, languages: [nb], cost: free, checked on: 2026-05-01}
    - {name: Two, about: doctor, call: +47 22 40 00 40, hours: Mon-Fri 8:00-15:30, languages: [nb, en], cost: normal,
       checked on: 2025-12-15}
"""


def read(text: str) -> Programme:
    return read_programme(text, TODAY)


def mistakes_in(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ProgrammeRefused) as refused:
        read(text)
    return list(refused.value.mistakes)


def test_a_programme_is_read_word_by_word() -> None:
    programme = read(REAL)
    assert programme.service == "Ved siden av"
    assert programme.languages == ("en", "nb", "ar")
    assert programme.dialogues == ("onboarding", "weekly_checkin")
    assert (programme.example, programme.machine_drafts) == (False, False)
    assert programme.lines[1].hours == Hours((1, 2, 3, 4, 5), "08:00", "15:30")
    assert programme.lines[1].call == "+47 22 40 00 40"
    assert programme.lines[0].checked == date(2026, 5, 1)


def test_the_demo_is_an_example_and_says_so() -> None:
    programme = load_programme(DEMO, TODAY)
    assert programme.example
    assert all(line.checked is None for line in programme.lines)


def test_the_demo_would_not_do_for_real_people() -> None:
    text = DEMO.read_text(encoding="utf-8").replace("example: yes", "example: no")
    assert [message for _, message in mistakes_in(text)] == [
        'lines, 1: "checked on" is missing.',
        'lines, 2: "checked on" is missing.',
        'lines, 3: "checked on" is missing.',
    ]


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("2026-05-01", "2025-12-02", 13, "more than 180 days ago"),
        ("2026-05-01", "2026-06-02", 13, "has not come yet"),
        ("2026-05-01", "1 May", 13, "not a date"),
        ("call: 116 123", "call: ask", 13, "not a phone number"),
        ("about: doctor", "about: doktor", 14, 'Did you mean "doctor"?'),
        ("Mon-Fri 8:00", "Mon-Fri 8:60", 14, "cannot be read"),
        ("Mon-Fri", "Man-Fre", 14, "days are called Mon, Tue"),
        ("country: NO", "country: Norway", 3, "not a country code"),
        ("Europe/Oslo", "Europe/Olso", 4, "not a time zone"),
        ("[en, nb, ar]", "[en, norsk]", 5, "not a language code"),
        ("[en, nb, ar]", "[]", 2, "at least one language"),
        ("first: onboarding", "first: Onboarding script", 8, "not the name of a dialogue"),
        ("host language: nb", "host langauge: nb", 6, 'Did you mean "host language"?'),
        ("twice a week", "sometimes", 7, "is not one of: on working days"),
        ("service: Ved siden av", "service:", 2, "needs a text"),
        ("country: NO", "service: Two names", 3, "stands here twice"),
        ("help:", "help: 113\nmore:", 10, "needs keys below it"),
        ("languages: [nb], ", "", 13, "languages that are spoken there"),
        ("country: NO", "country: &x NO", 3, "have no meaning here"),
        ("country: NO", "country: !!str NO", 3, "have no meaning here"),
        ("country: NO", "? [a]\n: NO", 3, "A key is one or a few words"),
    ],
)
def test_a_mistake_is_refused_at_its_line(before: str, after: str, line: int, message: str) -> None:
    assert before in REAL
    found = mistakes_in(REAL.replace(before, after, 1))
    assert any(at == line and message in said for at, said in found), found


def test_one_help_line_is_too_few() -> None:
    text = REAL[: REAL.index("    - {name: Two")]
    assert any("at least 2 help lines" in said for _, said in mistakes_in(text))


def test_all_mistakes_are_told_at_once() -> None:
    text = REAL.replace("NO", "XX").replace("116 123", "none").replace("Europe/Oslo", "Oslo")
    assert len(mistakes_in(text)) == 3


@pytest.mark.parametrize("text", ["", "- a\n- b", "just words", "a: [", "\0", "a: " + "[" * 5000, "x" * 70_000])
def test_what_is_no_programme_gets_a_sentence(text: str) -> None:
    assert mistakes_in(text)


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeRefused, match="is not there"):
        load_programme(tmp_path / "programme.yaml", TODAY)


def test_days_may_go_past_the_weekend() -> None:
    text = REAL.replace("Mon-Fri 8:00-15:30", "Sat-Mon 20:00-24:00")
    assert read(text).lines[1].hours == Hours((6, 7, 1), "20:00", "24:00")


def test_every_key_is_explained() -> None:
    code = Path(inspect.getfile(Programme)).read_text(encoding="utf-8")
    keys = set(re.findall(r'\.(?:text|texts|parsed|parsed_list|one_of|yes|section|sections)\("([a-z -]+)"', code))
    page = (Path(bot.__file__).parents[1] / "docs" / "programme.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z -]+)` \|", page, re.MULTILINE))
    assert keys == explained
    assert all(f"`{word}`" in page for word in (*ABOUT, *COSTS, *READS))
    assert all(day in page for day in DAYS)
