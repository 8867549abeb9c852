"""Preview: a draft that is held as a chat with made-up answers, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from bot.catalogs import Catalogs
from bot.catalogs.sources import scripts_in
from bot.catalogs.states import State
from bot.config import EXAMPLE, LOCALES, SCRIPTS
from bot.digest.words import StaffWords
from bot.editor import examples
from bot.editor.wordings import Worded, Wordings
from bot.messages import Tap
from bot.preview import (
    MOST_ACTS,
    Act,
    Acts,
    CannotPlay,
    Course,
    answered_to_the_end,
    card,
    entries,
    example,
    played,
    scripted,
    tried,
)
from bot.preview.acts import MOST_LETTERS
from bot.preview.course import Beat
from bot.programme import Programme, load_programme
from bot.speaking import Speaking
from dialogues.events import Asked, Offered

NOW = datetime(2025, 5, 6, 8, 0, tzinfo=UTC)
DRAFT = """\
dialogue: weekly_checkin
title: Weekly check-in
language: en
remind after: 1 day
close after: 3 days
remember:
  before: weekly_checkin/week

steps:

  hello:
    say: |
      Hello {name}.

  again:
    when: before was answered
    say: |
      Last time: {before}.

  week:
    ask: |
      How was your week?
    answer: one of
    options:
      good: Good
      bad: Bad
    label: Week

  why:
    when: week is bad
    ask: |
      What was bad?
    answer: text
    label: Bad

  sharing:
    share: |
      {specialist} would see this.
    offer:
      - week
      - why
"""
ARABIC = {
    "weekly_checkin.title": "مرة في الأسبوع",
    "weekly_checkin/hello": "مرحبًا {name}.",
    "weekly_checkin/again": "في المرة السابقة: {before}.",
    "weekly_checkin/week": "كيف كان أسبوعك؟",
    "weekly_checkin/week/good": "جيد",
    "weekly_checkin/week.label": "الأسبوع",
    "weekly_checkin/why": "ما الذي كان سيئًا؟",
    "weekly_checkin/why.label": "السيئ",
    "weekly_checkin/sharing": "{specialist} ترى هذا.",
}
"""Without the word for "bad"."""


@cache
def catalogs() -> Catalogs:
    return Catalogs.load(LOCALES, allow_drafts=True, only=["ar"])


@cache
def programme() -> Programme:
    return load_programme(EXAMPLE, NOW.date())


def course(text: str = DRAFT, *acts: Act, arabic: Mapping[str, str] = ARABIC) -> Course:
    return replayed(Acts(NOW, acts), text, arabic)[0]


def replayed(acts: Acts, text: str = DRAFT, arabic: Mapping[str, str] = ARABIC) -> tuple[Course, Acts]:
    script = scripted({"weekly_checkin": text}, "weekly_checkin")
    draft = tried(script, ["en", "ar"], lambda _, context, source: Worded(arabic.get(context, ""), _state(source)))
    return played(draft, programme(), Speaking(catalogs()), "en", acts)


def _state(source: str) -> State:
    return State.OUTDATED if "week?" in source and "all in all" in source else State.REVIEWED


def choose(step: str, *choices: str, number: int = 1, action: str = "choose", text: str = "") -> Act:
    return Act(Tap(number, f"weekly_checkin/{step}", action, choices), text)  # type: ignore[arg-type]


SHARE = choose("sharing", action="share_all")


def said(one: Course, language: str = "en") -> list[str]:
    return [(entry.said or (entry.outbound.text if entry.outbound else "")).strip() for entry in entries(one, language)]


def shared_words(one: Course, language: str = "en") -> list[tuple[str, str]]:
    found = card(one, StaffWords(catalogs(), language, "UTC", NOW.date()))
    return (
        []
        if found is None
        else [(line.label, line.value or (line.quote.whole if line.quote else "")) for line in found.blocks[0].lines]
    )


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def test_a_draft_is_held_as_a_chat_and_its_card_is_what_was_shared() -> None:
    one = course(DRAFT, choose("week", "good"))
    assert [plain(text) for text in said(one)] == [
        "Hello Sam.",
        "How was your week?",
        "Good",
        "Kim would see this.",
    ]
    assert one.is_open
    assert shared_words(one) == []
    done = course(DRAFT, choose("week", "good"), SHARE)
    assert not done.is_open
    assert shared_words(done) == [("Week", "Good")]


def test_a_step_back_a_skip_and_a_correction_are_as_in_a_real_chat() -> None:
    bad = (choose("week", "bad"), Act(text="The noise"), SHARE)
    assert shared_words(course(DRAFT, *bad)) == [("Week", "Bad"), ("Bad", "The noise")]
    back = (choose("week", "bad"), choose("why", action="back"), choose("week", "good"))
    assert "What was bad?" not in said(course(DRAFT, *back))[-2:]
    assert shared_words(course(DRAFT, *back, SHARE)) == [("Week", "Good")]
    skipped = course(DRAFT, choose("week", action="skip"))
    assert not skipped.is_open
    assert shared_words(skipped) == []


def test_a_line_that_is_shared_and_then_corrected_leaves_the_card() -> None:
    acts = (
        choose("week", "bad"),
        Act(text="The noise"),
        choose("sharing", action="back"),
        choose("why", action="skip"),
    )
    assert shared_words(course(DRAFT, *acts, SHARE)) == [("Week", "Bad")]


def test_the_same_acts_lead_to_the_same_place_of_a_draft_that_was_reworded() -> None:
    acts = Acts(NOW, (choose("week", "bad"),))
    one, kept = replayed(acts, DRAFT.replace("How was your week?", "Was it a good week?"))
    assert kept == acts
    assert said(one)[1:] == ["Was it a good week?", "Bad", "What was bad?"]


def test_what_does_not_fit_the_draft_any_more_is_left_out() -> None:
    acts = Acts(NOW, (choose("week", "bad"), choose("why", action="skip"), SHARE))
    one, kept = replayed(acts, DRAFT.replace("  why:", "  reason:").replace("- why", "- reason"))
    assert kept.acts == (choose("week", "bad"),)
    assert one.session.waiting == "weekly_checkin/reason"


def test_two_languages_show_one_course_and_typed_words_stay_as_they_are() -> None:
    one = course(DRAFT, choose("week", "good"), SHARE)
    english, arabic = said(one), said(one, "ar")
    assert len(english) == len(arabic)
    assert plain(arabic[0]) == "مرحبًا Sam."
    assert arabic[2] == "جيد"
    typed = course(DRAFT, Act(text="bad"), Act(text="The noise"))
    assert said(typed, "ar")[2] == "bad"
    assert typed.session.waiting == "weekly_checkin/sharing"


def test_a_text_without_a_translation_says_its_name_and_is_never_in_another_language() -> None:
    one = course(DRAFT)
    assert one.draft.missing == {"ar": 1}
    asked = entries(one, "ar")[-1].outbound
    assert asked is not None
    assert [button.label for button in asked.buttons] == ["جيد", "⟦ week/bad ⟧"]
    wrong = course(DRAFT, arabic={**ARABIC, "weekly_checkin/week/bad": "سيئ {nobody}"})
    assert wrong.draft.missing == {"ar": 1}


def test_a_draft_with_a_problem_is_played_as_far_as_it_is_clear() -> None:
    one = course(DRAFT.replace("    label: Week\n", ""), choose("week", "good"), SHARE)
    assert shared_words(one) == [("⟦ week.label ⟧", "Good")]


def test_a_translation_of_other_words_is_shown_and_counted() -> None:
    one = course(DRAFT.replace("your week?", "your week? all in all"))
    assert one.draft.outdated == {"ar": 1}
    assert said(one, "ar")[1] == ARABIC["weekly_checkin/week"]


def test_the_clock_brings_the_reminder_and_then_closes_what_was_left_alone() -> None:
    one = course(DRAFT, Act(turn="next"))
    assert [happened.what for happened in one.happened] == ["reminder"]
    assert any("Friday" in text for text in said(one))
    assert one.is_open
    closed = course(DRAFT, Act(turn="next"), Act(turn="next"))
    assert [happened.what for happened in closed.happened] == ["reminder", "closes"]
    assert closed.now == NOW + timedelta(days=3)
    assert not closed.is_open


def test_an_hour_and_a_day_pass_and_an_answered_check_in_is_not_reminded_of() -> None:
    assert course(DRAFT, Act(turn="hour")).now == NOW + timedelta(hours=1)
    one = course(DRAFT, choose("week", "bad"), Act(turn="day"), Act(turn="day"))
    assert one.happened == []
    assert one.now == NOW + timedelta(days=2)


def test_after_many_that_were_left_alone_comes_less_then_silence_then_one_note() -> None:
    one = course(DRAFT, *[Act(turn="next")] * 40)
    came = [happened.what for happened in one.happened]
    assert came.count("offer") == 1
    assert came.count("note") == 1
    assert came[-1] == "note"
    assert came.count("check_in") == 3


def test_a_dialogue_that_is_no_check_in_only_closes() -> None:
    text = DRAFT.replace("weekly_checkin", "something_else")
    draft = tried(scripted({"something_else": text}, "something_else"), ["en"], lambda *_: Worded("", State.MISSING))
    one, _ = played(draft, programme(), Speaking(catalogs()), "en", Acts(NOW, (Act(turn="next"), Act(turn="next"))))
    assert [happened.what for happened in one.happened] == ["closes"]


def test_the_next_conversation_remembers_the_one_before() -> None:
    one = course(DRAFT, choose("week", "good"), SHARE, Act(anew=True))
    assert plain(said(one)[-2]) == "Last time: Good."
    again = course(DRAFT, choose("week", "good"), SHARE, Act(anew=True), choose("week", "bad", number=2))
    assert again.session.waiting == "weekly_checkin/why"
    _, kept = replayed(Acts(NOW, (Act(anew=True),)))
    assert kept.acts == (), "while one is open no other begins"


def test_the_rest_is_answered_in_the_same_way_each_time() -> None:
    one = course(DRAFT)
    acts = tuple(answered_to_the_end(one))
    assert not one.is_open
    again, kept = replayed(Acts(NOW, acts))
    assert kept.acts == acts
    assert said(again) == said(one)
    assert shared_words(again) == [("Week", "Good")]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"began":"2025-05-06T08:00:00"}', '{"began":"1970-01-01T00:00:00Z"}', "\ud800"]
)
def test_what_no_page_of_ours_sends_is_a_preview_from_the_beginning(text: str) -> None:
    assert Acts.read(text, NOW) == Acts(NOW)


def test_acts_travel_as_text_and_have_an_end() -> None:
    acts = Acts(NOW, (choose("week", "bad", text="x"), Act(turn="day"), Act(anew=True)))
    assert Acts.read(acts.written(), NOW) == acts
    full = Acts(NOW, (Act(turn="hour"),) * MOST_ACTS)
    assert full.and_then(Act(turn="hour")) is full
    long = Acts(NOW).and_then(*[Act(text="x" * 10_000)] * 5)
    assert long.and_then(Act(text="x" * 10_000)) is long
    assert Acts.read(" " * (MOST_LETTERS + 1), NOW) == Acts(NOW)
    assert Acts.read(Acts(NOW, (Act(text="x" * 13_000),)).written(), NOW) == Acts(NOW)


@pytest.mark.parametrize(
    "text", ["", "steps: [", DRAFT.replace("week is bad", "weak is bad"), "dialogue: a\nlanguage: en\nsteps:\n"]
)
def test_a_draft_that_says_nothing_clear_cannot_be_played(text: str) -> None:
    with pytest.raises(CannotPlay):
        scripted({"weekly_checkin": text}, "weekly_checkin")


def test_every_shipped_script_can_be_held_to_its_end_in_every_language() -> None:
    library = scripts_in(SCRIPTS)
    wordings = Wordings(catalogs())
    for dialogue in library:
        draft = tried(scripted(library, dialogue), catalogs().languages, wordings.of)
        one, _ = played(draft, programme(), Speaking(catalogs()), "en", Acts(NOW))
        list(answered_to_the_end(one))
        assert not one.is_open, dialogue
        for language in catalogs().languages:
            assert entries(one, language), dialogue
        assert {language: n for language, n in draft.missing.items() if language == "ar"} == {"ar": 0}


def test_what_was_answered_is_an_example_that_goes_the_same_way() -> None:
    words = "The noise\nand the light"
    one = course(
        DRAFT, choose("week", "bad"), Act(text=words), choose("sharing", "weekly_checkin/why", action="share_lines")
    )
    answers = example(one)
    assert answers == {"week": "bad", "why": "The noise and the light", "sharing": "why"}
    assert examples.read_answers(examples.written(answers)) == answers
    again = examples.played(one.draft.script, answers, NOW.date())
    assert again[-2:] == (("shared", "sharing", "why"), ("closed",))
    assert example(course(DRAFT, choose("week", "good"), SHARE)) == {"week": "good", "sharing": "all"}
    assert example(course(DRAFT, choose("week", "good"), choose("sharing", action="share_none")))["sharing"] == "keep"
    assert example(course(DRAFT, choose("week", "good"))) == {}, "it is not over"
    assert example(course(DRAFT, choose("week", "good"), SHARE, Act(anew=True))) == {}, "it is the second"


def test_every_shipped_script_can_be_kept_as_an_example_of_made_up_answers() -> None:
    library = scripts_in(SCRIPTS)
    for dialogue in library:
        draft = tried(scripted(library, dialogue), ["en"], lambda *_: Worded("", State.MISSING))
        one, _ = played(draft, programme(), Speaking(catalogs()), "en", Acts(NOW))
        list(answered_to_the_end(one))
        course_again = examples.played(draft.script, examples.read_answers(examples.written(example(one))), NOW.date())
        assert examples.refused(course_again) is None, dialogue
        asked = [each[1] for each in course_again if each[0] in ("asked", "offered")]
        assert set(asked) == {name.removeprefix(f"{dialogue}/") for beat in one.beats for name in _waited(beat)}, (
            dialogue
        )


def _waited(beat: Beat) -> list[str]:
    return [event.name for event in beat.events if isinstance(event, Asked | Offered)]


def test_what_looks_back_shows_the_made_up_answers() -> None:
    tagged = DRAFT.replace("    label: Week\n", "    label: Week\n    tags: [month:week, ordered]\n")
    text = tagged.replace(
        "  again:\n    when: before was answered\n    say: |\n      Last time: {before}.\n",
        "  again:\n    say: |\n      {month}\n    picture: month\n",
    )
    first = entries(course(text), "en")[1].outbound
    assert first is not None
    assert first.picture is None
    assert first.text
    arabic = {**ARABIC, "weekly_checkin/again": "{month}"}
    later = course(text, choose("week", "good"), SHARE, Act(anew=True), arabic=arabic)
    second = entries(later, "ar")[-2].outbound
    assert second is not None
    assert second.picture is not None
    assert "جيد" in second.text


def test_a_draft_that_lost_a_line_is_played_or_refused_and_nothing_else() -> None:
    library = scripts_in(SCRIPTS)
    kept, wordings = library["workplace"].split("\n"), Wordings(catalogs())
    outcomes = set()
    for gone in range(0, len(kept), 4):
        text = "\n".join(kept[:gone] + kept[gone + 1 :])
        try:
            draft = tried(scripted({**library, "workplace": text}, "workplace"), ["en", "ar"], wordings.of)
        except CannotPlay:
            outcomes.add("refused")
            continue
        one, _ = played(draft, programme(), Speaking(catalogs()), "en", Acts(NOW))
        list(answered_to_the_end(one))
        assert entries(one, "ar")
        assert shared_words(one, "ar")
        outcomes.add("played")
    assert outcomes == {"played", "refused"}
