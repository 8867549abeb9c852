"""What the studies behind Medvind ask of scripts, tables and words, as docs/requirements.md lists it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.catalogs.safety import is_safety
from bot.config import EXAMPLE
from bot.plain import avoid
from bot.programme import ProgrammeRefused, load_programme, read_programme
from bot.publishing import read_folder
from dialogues import engine, loader
from dialogues.model import Ask, Say, Share
from dialogues.reading.grammar import ALL_KEYS
from dialogues.rotation import resting_by_rotation
from dialogues.session import Answer
from dialogues.texts import placeholders
from storage import schema
from storage.people import ROLES
from tests.bot.test_shipped_content import FOR_PARTICIPANTS, TOPICS, ask, asked, names, offered
from tests.bot.test_shipped_content import SCRIPTS as SHIPPED
from tests.bot.turn_world import catalogs

DAY = date(2026, 3, 2)
ON_PURPOSE = ("asks:help", "asks:contact", "tells:news")
"""Tags of questions in which an answer is a request or news, which is meant for somebody."""

EVENING = """\
dialogue: evening
title: Evening
language: en
{top}
steps:

  day:
    ask: How was the day?
    answer: text
{step}"""


def questions(script: str) -> list[Ask]:
    return [step for step in SHIPPED[script].steps if isinstance(step, Ask)]


# Free of duty ---------------------------------------------------------------------------------------------------------

DUTIES = ("mandatory", "required", "compulsory", "obligatory", "must")


@pytest.mark.parametrize("duty", DUTIES)
@pytest.mark.parametrize("place", ["top", "step"])
def test_no_script_can_say_that_a_dialogue_or_a_question_is_mandatory(duty: str, place: str) -> None:
    line = {"top": f"{duty}: yes\n", "step": f"    {duty}: yes\n"}[place]
    assert loader.check(EVENING.format(top="", step="")).problems == ()
    text = EVENING.format(**{"top": "", "step": "", place: line})
    assert f'"{duty}" is not a key that can stand here.' in str(loader.check(text).problems[0])


def test_the_format_has_no_key_that_makes_anything_mandatory() -> None:
    assert not [key for key in ALL_KEYS for duty in (*DUTIES, "skip", "condition") if duty in key]


@pytest.mark.parametrize("duty", DUTIES)
def test_no_programme_can_say_that_a_dialogue_is_mandatory(duty: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    read_programme(text, DAY)
    with pytest.raises(ProgrammeRefused, match=duty):
        read_programme(f"{duty}: weekly_checkin\n{text}", DAY)


def test_no_column_makes_anything_mandatory_or_holds_a_conclusion_about_a_person() -> None:
    """Neither that somebody has to, nor a confidence, a belief, a trend or a risk that was worked out."""
    words = (*DUTIES, "condition", "confiden", "belie", "sure", "trend", "risk", "predict", "mood", "progress", "level")
    columns = [f"{table.name}.{column.name}" for table in schema.metadata.sorted_tables for column in table.columns]
    assert [column for column in columns for word in words if word in column] == []
    assert {c.name for c in schema.answer.columns if c.type.python_type in (int, float)} == {
        "participant_id", "conversation", "revision", "version", "number"
    }  # fmt: skip


def test_that_nothing_changes_is_read_before_anybody_is_asked_to_take_part() -> None:
    """In every language that is offered, as a text that a native speaker has to read before real people get it."""
    keys = [step.key for step in SHIPPED["onboarding"].steps]
    assert keys.index("onboarding/free_choice") < keys.index("onboarding/taking_part")
    free = ask("onboarding", "free_choice")
    assert "Your benefits, your support and your place stay the same." in free.text
    assert is_safety(free.key)
    said = {code: catalogs().script_texts(SHIPPED["onboarding"], code) for code in catalogs().languages}
    assert len({(texts or {})[free.key] for texts in said.values()}) == len(said)


# Requests and who reads them ------------------------------------------------------------------------------------------


def test_who_asks_for_contact_is_told_first_that_nobody_reads_it_at_once_and_then_when() -> None:
    script = SHIPPED["contact_me"]
    first = script.steps[0]
    assert isinstance(first, Say)
    assert "{specialist} does not read it right away." in first.text
    for language in catalogs().languages:
        texts, ui = catalogs().script_texts(script, language), catalogs().ui(language)
        assert texts is not None, language
        assert "{specialist}" in texts[first.key]
        for reads in ("on_working_days", "twice_a_week", "once_a_week"):
            assert "{specialist}" in ui[f"ui/share.shared.{reads}"], language
        for context in ("ui/share.asks", "ui/share.shared.asks"):
            assert placeholders(ui[context]) == {"reader", "day", "by"}, language


def test_contact_is_asked_for_with_what_it_is_about_how_and_when() -> None:
    tags = [{*step.tags} for step in questions("contact_me")]
    assert tags == [{"asks:contact"}, {"request:how"}, {"request:when"}]
    assert offered(SHIPPED["contact_me"]) == {step.key for step in questions("contact_me")}


def test_who_should_do_something_is_one_of_five_answers() -> None:
    assert names(ask("help_wanted", "who")) == ["me", "together", "specialist", "someone_else", "unknown"]
    assert "need:who" in ask("help_wanted", "who").tags


# Life far away, and language ------------------------------------------------------------------------------------------


def test_family_in_another_country_can_be_hard_helped_with_and_told_and_is_private() -> None:
    places = {
        step.key: "family_far" in step.option_topics or step.private or {"outside"} <= step.private_groups
        for name in FOR_PARTICIPANTS
        for step in questions(name)
        if "family_far" in names(step) and not {*ON_PURPOSE} & {*step.tags}
    }
    hard = {"weekly_checkin/what_hard", "my_web/what", "my_web/also", "pulse/there"}
    assert places == dict.fromkeys(hard, True)
    for name, step in (("weekly_checkin", "help"), ("help_wanted", "help"), ("contact_me", "about")):
        assert {"family_far", "time_off"} <= {*names(ask(name, step))}
    assert {"calls", "worry", "money", "travel", "papers"} <= {*names(ask("work_story", "matters"))}
    assert ask("work_story", "matters").private
    assert ask("work_story", "family_far").private


def test_the_language_at_work_has_its_places_and_what_could_help() -> None:
    hardest, helps = ask("work_story", "language_hard"), ask("workplace", "understand_help")
    assert {"phone", "group", "small_talk", "dialect", "messages", "interview"} <= {*names(hardest)}
    assert {"written_list", "pictures", "slower", "one_person", "interpreter"} <= {*names(helps)}
    assert all("lang" in step.tags for step in (hardest, helps))
    assert hardest.key in offered(SHIPPED["work_story"])
    assert helps.key in offered(SHIPPED["workplace"])


def test_earlier_work_is_told_in_own_words_and_whether_it_is_wanted_again() -> None:
    assert ask("work_story", "work_before").kind == "voice or text"
    assert names(ask("work_story", "again")) == ["same", "close", "new", "unsure"]


# Belief ---------------------------------------------------------------------------------------------------------------

PARTS = {"belief:job", "belief:step", "belief:basis"}


@pytest.mark.parametrize("name", ["weekly_checkin", "own_checkin"])
def test_belief_in_a_job_in_a_step_and_its_grounds_are_questions_of_their_own(name: str) -> None:
    found = [{*step.tags} & PARTS for step in questions(name) if {*step.tags} & PARTS]
    assert all(len(tags) == 1 for tags in found)
    assert set().union(*found) == PARTS


@pytest.mark.parametrize("step", ["sees_a_job", "too_much", "too_little", "would_say"])
def test_no_answer_about_belief_leads_anywhere_else_than_another(step: str) -> None:
    """ "Not right now, and I may say so" gets the same questions and the same words as "clearly"."""
    assert "not_now" in names(ask("own_checkin", "sees_a_job"))
    told = {tuple(_after(step, Answer(choices=(option,)))) for option in names(ask("own_checkin", step))}
    assert len(told) == 1
    assert "own_checkin/meaning" in told.pop()


def _after(step: str, answer: Answer) -> list[str]:
    """What a specialist meets after this answer, when the ways on are otherwise the same."""
    script = SHIPPED["own_checkin"]
    session, _ = engine.start(script)
    while (waiting := session.waiting.partition("/")[2]) != step:
        given: engine.Input = Answer(words="Words") if waiting == "words_used" else engine.Skip()
        session, _ = engine.play(script, session, Answer(choices=("belief",)) if waiting == "about" else given)
    session, events = engine.play(script, session, answer)
    met = [str(getattr(event, "name", "")) for event in events]
    while not session.closed:
        session, events = engine.play(script, session, engine.Skip())
        met += [str(getattr(event, "name", "")) for event in events]
    return met


JUDGED = (
    "unmotivated",
    "resistant",
    "unrealistic",
    "failed",
    "refuses",
    "not ready",
    "compliant",
    "hard-to-place",
    "case",
)


@pytest.mark.parametrize("word", JUDGED)
def test_a_word_against_people_is_found_in_whatever_a_coordinator_writes(word: str, tmp_path: Path) -> None:
    assert avoid.found_in(f"This is {word} now.", "en", ["judgement"]) == [word]
    text = EVENING.format(top="", step="").replace("How was the day?", f"Was it {word}?")
    (tmp_path / "evening.yaml").write_text(text, encoding="utf-8")
    checked = read_folder(tmp_path)
    assert [one.code for one in (*checked.problems, *checked.advice)] == ["MV081"]


# Work and what is around it -------------------------------------------------------------------------------------------


def test_a_point_of_the_web_has_a_place_a_sign_lines_what_helps_who_and_a_safer_way() -> None:
    assert [step.tags for step in questions("my_web")] == [
        (f"web:{part}",) for part in ("what", "where", "sign", "also", "helps", "who", "safer")
    ]
    assert names(ask("my_web", "where")) == ["work", "way", "search", "outside", "several"]


@pytest.mark.parametrize("situation", ["job", "trial"])
def test_within_two_check_ins_about_work_each_side_of_it_comes_up_in_two_questions(situation: str) -> None:
    script, before = SHIPPED["workplace"], {"situation": Answer(choices=(situation,))}
    last: dict[str, datetime] = {}
    met: dict[str, set[str]] = {"soc:c": set(), "soc:m": set(), "soc:me": set()}
    for turn in range(2):
        now = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(weeks=2 * turn)
        for step in _skipped_through(before, last, now):
            last[step.key] = now
            for side in met.keys() & {*step.tags}:
                met[side].add(step.key)
        before = {**before, "workplace": Answer(words="The bakery")}
    assert {side: len(keys) >= 2 for side, keys in met.items()} == {"soc:c": True, "soc:m": True, "soc:me": True}
    assert script.at_most == 9


def _skipped_through(before: Mapping[str, Answer], last: Mapping[str, datetime], now: datetime) -> list[Ask]:
    """The questions about a workplace that somebody meets who skips them all."""
    script = SHIPPED["workplace"]
    rests = {
        step.key
        for step in questions("workplace")
        if step.rest and step.key in last and now - last[step.key] < step.rest
    }
    session, _ = engine.start(script, before, frozenset({*rests, *resting_by_rotation(script, last, before, TOPICS)}))
    found: list[Ask] = []
    while not session.closed:
        if isinstance(step := script.step(session.waiting), Ask):
            found.append(step)
        session, _ = engine.play(script, session, engine.Skip())
    return found


def test_what_is_asked_about_a_workplace_is_about_the_place() -> None:
    """What could change are things there, and no question asks what somebody lacks."""
    around = [step.key.partition("/")[2] for step in questions("workplace") if "env" in step.tags]
    assert around == ["surroundings", "treated", "keep_it", "safe"]
    lacks = ("able", "cope", "manage", "struggle", "problem", "difficult", "weak", "slow ", "mistake", "illness")
    texts = [text.lower() for step in questions("workplace") for text in (step.text, step.label)]
    assert [text for text in texts for word in lacks if word in text] == []
    changes = [option.text for option in ask("workplace", "change").options]
    assert [text for text in changes if {"i", "my", "me"} & {*text.lower().split()}] == []


def test_to_try_something_else_is_an_answer_that_leads_on_without_a_question() -> None:
    script = SHIPPED["workplace"]
    go_on = ask("workplace", "go_on")
    assert {"go_on", "something_else"} <= {*names(go_on)}
    after = script.steps[script.steps.index(go_on) + 1 :]
    assert [type(step) for step in after] == [Say, Share, Say]
    said = script.by_key["workplace/another_job"]
    assert isinstance(said, Say)
    assert said.text.startswith("That is OK.")


def test_a_safer_start_can_be_opened_before_the_first_day() -> None:
    assert "before_start" in load_programme(EXAMPLE, DAY).any_time
    met = [step.key.partition("/")[2] for step, _ in asked(SHIPPED["before_start"], TOPICS, {})]
    assert {"seen", "way", "rest", "who_to_ask", "first_day", "too_much", "boss_knows", "to_solve"} <= {*met}


def test_nobody_but_participants_and_staff_has_an_address_or_a_way_in() -> None:
    """An employer or an office is nowhere that anything could be sent to."""
    assert ROLES == ("specialist", "coordinator", "translator", "administrator", "auditor")
    reached = {
        table.name: {key.column.table.name for key in table.foreign_keys}
        for table in schema.metadata.sorted_tables
        if {"sealed_address", "sealed_mail", "token_hash", "channel_id"} & {*table.c.keys()}
    }
    assert {"address", "staff", "outbox", "access_link", "web_session"} <= reached.keys()
    assert set().union(*reached.values()) <= {"participant", "staff"}


def test_what_somebody_would_like_to_work_with_is_asked_once_and_stays_in_view() -> None:
    script = SHIPPED["look_back"]
    first = [step.key for step, _ in asked(script, TOPICS, {})]
    assert "look_back/like_to" in first
    session, _ = engine.start(script, {"dream": Answer(words="A kitchen")})
    while session.waiting != "look_back/like_same":
        session, _ = engine.play(script, session, engine.Skip())
    assert "{dream}" in ask("look_back", "like_same").text
    assert session.remembered["dream"] == Answer(words="A kitchen")


def test_how_two_people_work_together_is_offered_again_after_four_weeks_at_the_earliest() -> None:
    programme = load_programme(EXAMPLE, DAY)
    assert dict(programme.now_and_then)["together"] == timedelta(days=27), (
        "the check-in four weeks later may be earlier"
    )
    assert "together" in programme.any_time
