"""A programme is used whole and checked, or refused with every mistake at its line."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

import bot
from bot.programme import (
    ABOUT,
    COSTS,
    DAYS,
    READS,
    Hours,
    Programme,
    ProgrammeRefused,
    Signature,
    Statements,
    load_programme,
    read_programme,
)
from bot.roles import KINDS
from bot.wording import WORDING

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
statements:
  no consequence: {signed by: Kim Berg, signed on: 2026-04-01}
  not monitored: {signed by: Noor Lind, signed on: 2026-04-02}
role card:
  does: [find_jobs, interview]
  together: [talk_to_boss]
  instead:
    - {id: nav, who: NAV Grünerløkka, kind: benefits_office, call: 55 55 33 33, topics: [money, letters]}
    - {id: teacher, who: Oslo VO, kind: language_course, topics: [words_at_work]}
"""
EVERY_DIALOGUE = """
at work: workplace
later: [phone_shared]
topics: topics
situation: situation
time: choose_time
too much: too_much
any time: [contact_me, my_web]
now and then:
  look_back: 28 days
  good_things: "2 weeks"
pulse: pulse
agreement: agreement_answer
agreement day: agreement_day
new specialist: new_specialist
own check-in: own_checkin
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


def test_a_dialogue_that_is_not_named_is_empty() -> None:
    programme = read(REAL)
    assert (programme.at_work, programme.pulse, programme.agreement, programme.own_check_in) == ("", "", "", "")
    assert (programme.any_time, programme.now_and_then, programme.later) == ((), (), ())


def test_every_dialogue_has_its_place_and_has_to_be_published() -> None:
    programme = read(REAL + EVERY_DIALOGUE)
    assert (programme.at_work, programme.topics, programme.situation) == ("workplace", "topics", "situation")
    assert programme.any_time == ("contact_me", "my_web")
    assert programme.now_and_then == (("look_back", timedelta(days=28)), ("good_things", timedelta(days=14)))
    assert (programme.pulse, programme.agreement, programme.agreement_day) == (
        "pulse",
        "agreement_answer",
        "agreement_day",
    )
    assert (programme.new_specialist, programme.own_check_in) == ("new_specialist", "own_checkin")
    assert programme.dialogues == (
        "onboarding",
        "weekly_checkin",
        "workplace",
        "phone_shared",
        "topics",
        "situation",
        "choose_time",
        "too_much",
        "contact_me",
        "my_web",
        "look_back",
        "good_things",
        "pulse",
        "agreement_answer",
        "agreement_day",
        "new_specialist",
        "own_checkin",
    )


def test_a_dialogue_in_several_places_is_named_once() -> None:
    programme = read(REAL + "later: [situation]\nsituation: situation\n")
    assert programme.dialogues == ("onboarding", "weekly_checkin", "situation")


def test_a_programme_of_one_dialogue_holds_nothing_else() -> None:
    programme = read(REAL + EVERY_DIALOGUE)
    assert programme.of_one("nine").dialogues == ("nine",)
    assert programme.of_one("nine").lines == programme.lines


def test_what_is_signed_and_whose_is_what_is_read() -> None:
    programme = read(REAL)
    assert programme.statements == Statements(
        no_consequence=Signature("Kim Berg", date(2026, 4, 1)), not_monitored=Signature("Noor Lind", date(2026, 4, 2))
    )
    assert programme.role_card is not None
    assert programme.role_card.does == ("find_jobs", "interview")
    assert programme.role_card.together == ("talk_to_boss",)
    assert [(each.id, each.who, each.kind, each.call, each.topics) for each in programme.role_card.instead] == [
        ("nav", "NAV Grünerløkka", "benefits_office", "55 55 33 33", ("money", "letters")),
        ("teacher", "Oslo VO", "language_course", "", ("words_at_work",)),
    ]


def test_local_lines_stand_after_the_others() -> None:
    local = "{name: Near, about: talk, call: 22 00 00 00, hours: always, languages: [nb], cost: free}"
    programme = read(REAL.replace("statements:", f"  local:\n    - {local}\nstatements:"))
    assert [line.name for line in programme.lines] == ["One", "Two", "Near"]


# Taking in new people -------------------------------------------------------------------------------------------------


def missing_in(text: str, today: date = TODAY) -> list[tuple[str, str]]:
    return [(each.what, each.name) for each in read(text).missing(today)]


def without(text: str, first: str, end: str) -> str:
    return text[: text.index(first)] + text[text.index(end) :]


def test_a_programme_that_is_signed_and_checked_misses_nothing() -> None:
    assert missing_in(REAL) == []


def test_a_line_counts_for_180_days_while_medvind_runs() -> None:
    assert missing_in(REAL, date(2026, 6, 13)) == []
    assert missing_in(REAL, date(2026, 6, 14)) == [("stale", "Two")]


def test_what_is_not_there_is_missing_and_medvind_starts() -> None:
    text = without(REAL, "statements:", "role card:")
    assert missing_in(text) == [("no_consequence", ""), ("not_monitored", "")]
    assert missing_in(without(REAL, "  no consequence:", "  not monitored:")) == [("no_consequence", "")]
    assert missing_in(REAL[: REAL.index("role card:")]) == [("role_card", "")]
    assert missing_in(REAL.replace(", checked on: 2026-05-01", "")) == [("unchecked", "One")]


def test_the_demo_would_not_do_for_real_people() -> None:
    programme = replace(load_programme(DEMO, TODAY), example=False)
    assert [each.what for each in programme.missing(TODAY)] == [
        "no_consequence",
        "not_monitored",
        *["unchecked"] * 3,
    ]


def test_an_example_misses_nothing() -> None:
    assert load_programme(DEMO, TODAY).missing(TODAY) == ()
    assert missing_in("example: yes" + REAL[: REAL.index("statements:")]) == []


def test_each_thing_that_is_missing_has_a_sentence() -> None:
    programme = read(REAL[: REAL.index("statements:")].replace(", checked on: 2026-05-01", ""))
    said = [each.sentence(WORDING) for each in programme.missing(date(2026, 12, 1))]  # type: ignore[arg-type]
    assert said == [
        "Nobody has signed that taking part changes no benefit, support or place.",
        "Nobody has signed that answers are not monitored.",
        "There is no role card: what a specialist does, and who does the rest.",
        "Nobody has called this help line: \u2068One\u2069.",
        "The last call to this help line is more than 180 days old: \u2068Two\u2069.",
    ]


def test_requests_are_answered_within_two_working_days_unless_it_says_otherwise() -> None:
    assert read(REAL).answers_within == 2
    for text, within in (("1 working day", 1), ("5 working days", 5)):
        assert read(f"answers within: {text}\n{REAL.lstrip()}").answers_within == within


# Mistakes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
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
        ("country: NO", "country: NO\nanswers within: 4 days", 4, '"4 days" is not one of: 1 working day,'),
        ("service: Ved siden av", "service:", 2, "needs a text"),
        ("country: NO", "service: Two names", 3, "stands here twice"),
        ("help:", "help: 113\nmore:", 10, "needs keys below it"),
        ("languages: [nb], ", "", 13, "languages that are spoken there"),
        ("country: NO", "country: &x NO", 3, "have no meaning here"),
        ("country: NO", "country: !!str NO", 3, "have no meaning here"),
        ("country: NO", "? [a]\n: NO", 3, "A key is one or a few words"),
        ("[en, nb, ar]", "[en, nb, en]", 5, '"en" stands here twice'),
        ("at work: workplace", "at work: My workplace", 26, '"My workplace" is not the name of a dialogue'),
        ("[contact_me, my_web]", "[contact_me, contact_me]", 32, '"contact_me" stands here twice'),
        ("look_back: 28 days", "look_back: 28", 34, '"28" is not a length of time'),
        ("look_back: 28 days", "look_back: 28 dyas", 34, 'Did you mean "28 days"?'),
        ("look_back: 28 days", "look_back: 2 hours", 34, "not between 1 day and 366 days"),
        ("look_back: 28 days", "look_back: 53 weeks", 34, "not between 1 day and 366 days"),
        ("look_back: 28 days", "look_back:", 34, "needs a text on its line"),
        ("look_back: 28 days", "Look back: 28 days", 34, '"Look back" is not the name of a dialogue'),
        ("look_back: 28 days", "good_things: 28 days", 35, "stands here twice"),
        ("own check-in: own_checkin", "own check-in: pulse", 2, '"pulse" is for specialists'),
        ("agreement day:", "agrement day:", 38, 'Did you mean "agreement day"?'),
        ("signed by: Kim Berg, ", "", 17, '"signed by" is missing'),
        ("signed on: 2026-04-01", "signed on: 2026-06-02", 17, "Write the day of the signature"),
        (", signed on: 2026-04-01", "", 17, '"signed on" is missing'),
        ("  not monitored:", "  not monitered:", 18, 'Did you mean "not monitored"?'),
        ("together: [talk_to_boss]", "together: [interview]", 21, '"interview" stands under "does" already'),
        ("does: [find_jobs, interview]", "does: [find_jobs, find_jobs]", 20, '"find_jobs" stands under "does" already'),
        ("topics: [words_at_work]", "topics: [money]", 24, '"money" stands under "nav" already'),
        ("topics: [words_at_work]", "topics: []", 24, "needs what they do"),
        ("topics: [words_at_work]", "topics: [Words]", 24, '"Words" is not the name of a topic'),
        ("kind: language_course", "kind: langauge_course", 24, 'Did you mean "language_course"?'),
        ("id: teacher", "id: nav", 20, 'stands in the list "instead" twice'),
        ("id: teacher, ", "", 24, '"id" is missing'),
        ("who: Oslo VO, ", "", 24, '"who" is missing'),
        ("call: 55 55 33 33", "call: ask", 23, "not a phone number"),
    ],
)
def test_a_mistake_is_refused_at_its_line(before: str, after: str, line: int, message: str) -> None:
    whole = REAL + EVERY_DIALOGUE
    assert before in whole
    found = mistakes_in(whole.replace(before, after, 1))
    assert any(at == line and message in said for at, said in found), found


def test_one_help_line_is_too_few() -> None:
    text = without(REAL, "    - {name: Two", "statements:")
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


def test_a_role_card_without_topics_says_nothing() -> None:
    text = REAL[: REAL.index("  does:")] + "  does: []\n"
    assert any("A role card needs topics" in said for _, said in mistakes_in(text))


def test_every_key_is_explained() -> None:
    reading = r'\.?(?:text|parsed|parsed_list|parsed_pairs|one_of|yes|section|sections|_named)\((?:top, )?"([a-z -]+)"'
    folder = Path(inspect.getfile(Programme)).parent
    keys = {key for path in folder.glob("*.py") for key in re.findall(reading, path.read_text(encoding="utf-8"))}
    page = (Path(bot.__file__).parents[1] / "docs" / "programme.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z -]+)` \|", page, re.MULTILINE))
    assert keys == explained
    assert all(f"`{word}`" in page for word in (*ABOUT, *COSTS, *READS, *KINDS))
    assert all(day in page for day in DAYS)
