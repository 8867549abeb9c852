"""The shipped scripts keep to what docs/content.md promises: topics, sharing, names that belong together, an end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

from dialogues import engine, loader, meanings, outline
from dialogues.answers import chosen, option_names
from dialogues.engine import Skip
from dialogues.model import AnswerKind, Ask, Audience, Say, Script, Share
from dialogues.session import Answer, Session

ROOT = Path(__file__).parents[2]
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "dialogues/scripts").glob("*.yaml")}
SCRIPTS = {name: loader.load(text, SOURCES) for name, text in SOURCES.items()}
FOR_PARTICIPANTS = sorted(name for name, script in SCRIPTS.items() if script.audience is Audience.PARTICIPANT)
TOPICS = frozenset({"sure", "work", "search", "outside", "help", "good"})

ALL_PRIVATE = ("my_web", "together", "good_things", "take_break", "something_happened")
"""Dialogues in which nothing is ticked beforehand, however somebody shares."""
NOT_OFFERED = ("onboarding", "topics", "sharing_choice", "pulse", "my_question", "own_checkin", "new_specialist")
"""Dialogues from which nothing leaves."""
OUTSIDE = frozenset(
    {"sleep", "health", "treatment", "money", "home", "family_here", "family_far", "letters", "residence", "memories"}
)
"""Names of options about life outside work, wherever they stand in a question about what is hard."""


def ask(script: str, step: str) -> Ask:
    found = SCRIPTS[script].by_key[f"{script}/{step}"]
    assert isinstance(found, Ask)
    return found


def own_asks(script: Script) -> list[Ask]:
    """The questions of a script and of those it runs."""
    return [step for step in script.steps if isinstance(step, Ask)]


def names(step: Ask) -> list[str]:
    return [option.name for option in step.options]


def offered(script: Script) -> set[str]:
    return {key for step in script.steps if isinstance(step, Share) for key in step.offer}


def asked(
    script: Script, topics: frozenset[str] | None, remembered: Mapping[str, Answer]
) -> Iterator[tuple[Ask, list[str]]]:
    """Every question that comes when the first option is always chosen, with the options that are shown."""
    session, _ = engine.start(script, remembered, topics=topics)
    before = None
    while not session.closed and session != before:
        before = session
        step = script.step(session.waiting)
        if isinstance(step, Ask):
            yield step, [*option_names(step, session)] if step.options else []
        session, _ = engine.play(script, session, _first(step, session))
    assert session.closed


def _first(step: Ask | Share | Say, session: Session) -> engine.Input:
    if not isinstance(step, Ask) or step.kind is AnswerKind.OK:
        return Skip()
    match step.kind:
        case AnswerKind.ONE_OF:
            return chosen(step, session, option_names(step, session)[:1])
        case AnswerKind.ANY_OF:
            shown = option_names(step, session)
            return chosen(step, session, [name for name in shown if name not in step.alone][: step.most or 99])
        case AnswerKind.YES_OR_NO:
            return Answer(choices=("yes",))
        case AnswerKind.SCALE:
            return Answer(number=1)
        case AnswerKind.DATE:
            return Answer(day="2026-05-07")
        case _:
            return Answer(words="Something")


def known(script: Script) -> dict[str, Answer]:
    """What an earlier conversation can have left, as words."""
    return {name: Answer(words="Something") for name in script.remember}


# Topics ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FOR_PARTICIPANTS)
def test_what_is_outside_work_is_only_asked_of_those_who_let_us(name: str) -> None:
    """Nobody who left that topic out meets a chip about sleep, home or family where the question is what is hard."""
    script = SCRIPTS[name]
    for step, shown in asked(script, TOPICS - {"outside"}, known(script)):
        if not {meanings.ASKS_HELP, meanings.ASKS_CONTACT, meanings.TELLS_NEWS} & {*step.tags}:
            assert not OUTSIDE & {*shown}, step.key


def test_without_topics_a_week_is_one_question() -> None:
    script = SCRIPTS["weekly_checkin"]
    assert [step.key for step, _ in asked(script, frozenset(), {})] == ["weekly_checkin/week"]


@pytest.mark.parametrize(
    ("topic", "gone"),
    [
        ("sure", {"job_sure", "more_sure"}),
        ("help", {"help"}),
        ("good", {"good"}),
    ],
)
def test_a_topic_that_is_off_takes_its_questions_with_it(topic: str, gone: set[str]) -> None:
    script = SCRIPTS["weekly_checkin"]
    everything = {step.key.split("/")[1] for step, _ in asked(script, TOPICS, {})}
    without = {step.key.split("/")[1] for step, _ in asked(script, TOPICS - {topic}, {})}
    assert everything - without == gone


def test_the_topics_are_the_same_wherever_they_are_chosen() -> None:
    assert {*names(ask("topics", "may_ask"))} - {"none"} == TOPICS
    assert names(ask("work_story", "do_not_ask")) == names(ask("topics", "may_ask"))


# Sharing --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL_PRIVATE)
def test_nothing_of_these_is_ticked_beforehand(name: str) -> None:
    script = SCRIPTS[name]
    for key in offered(script):
        step = script.by_key[key]
        assert isinstance(step, Ask)
        assert step.private, key


@pytest.mark.parametrize("name", NOT_OFFERED)
def test_nothing_of_these_can_leave(name: str) -> None:
    assert offered(SCRIPTS[name]) == set()


def test_choices_stay_in_the_plan() -> None:
    """The one that may be shown is what the specialist reads after quiet weeks."""
    in_the_plan = {
        step.key for script in SCRIPTS.values() for step in own_asks(script) if meanings.is_in_the_plan(step.tags)
    }
    shown = {key for script in SCRIPTS.values() for key in offered(script)}
    assert in_the_plan & shown == {"if_quiet/get_in_touch"}


def test_what_the_boss_may_know_stays_with_the_person() -> None:
    assert offered(SCRIPTS["before_start"]) == {"before_start/to_solve"}


def test_an_answer_that_goes_without_a_share_step_says_so_first() -> None:
    """Agreements are between two sides: what is said to one is seen by the other, and the question says it."""
    tags = {meanings.AGREEMENT_ANSWER, meanings.AGREEMENT_REVIEW, meanings.AGREEMENT_NEW_DAY}
    found = [step for script in SCRIPTS.values() for step in own_asks(script) if tags & {*step.tags}]
    assert len(found) == len(tags)
    assert all("{specialist} sees" in step.text for step in found)


# Names that belong together -------------------------------------------------------------------------------------------


def test_help_has_the_same_names_everywhere() -> None:
    """The role card places each of them once."""
    weekly = [name for name in names(ask("weekly_checkin", "help")) if name not in ("no", "not_now")]
    assert names(ask("help_wanted", "help")) == weekly
    assert names(ask("contact_me", "about")) == [*weekly, "unsaid"]
    assert {*names(ask("work_story", "papers_help"))} - {"no", "not_now"} <= {*weekly}


def test_the_web_is_made_of_what_a_week_can_hold() -> None:
    weekly = [name for name in names(ask("weekly_checkin", "what_hard")) if name != "unsaid"]
    assert names(ask("my_web", "what")) == weekly
    assert names(ask("my_web", "also")) == [*weekly, "nothing"]
    groups = {option.name: option.group for option in ask("weekly_checkin", "what_hard").options}
    assert ask("my_web", "what").option_topics == {name: groups[name] for name in weekly}


def test_permission_is_asked_right_after_the_change_it_is_for() -> None:
    pairs = [(one.key, two.key) for one, two in pairwise(own_asks(SCRIPTS["workplace"])) if "permission" in two.tags]
    assert pairs == [("workplace/change", "workplace/permission")]


@pytest.mark.parametrize("name", ["weekly_checkin", "workplace"])
@pytest.mark.parametrize("situation", ["job", "trial", "neither", ""])
def test_every_check_in_asks_how_sure_somebody_is(name: str, situation: str) -> None:
    script = SCRIPTS[name]
    before = {"situation": Answer(choices=(situation,))} if situation else {}
    sure = [step for step, _ in asked(script, None, before) if meanings.BELIEF_JOB in step.tags]
    assert len(sure) == 1


def test_what_somebody_said_of_an_agreement_is_what_was_proposed() -> None:
    """The shell fills these names in; so they are those of the dialogue in which agreements are proposed."""
    for name in ("agreement_answer", "agreement_day"):
        assert all(target == f"agree/{local}" for local, target in SCRIPTS[name].remember.items())


# Length and ends ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "most"),
    [("weekly_checkin", 7), ("pulse", 3), ("workplace", 9), ("good_things", 4), ("together", 5), ("look_back", 10)],
)
def test_the_longest_way_is_as_long_as_it_says(name: str, most: int) -> None:
    script = SCRIPTS[name]
    assert script.at_most == most
    assert outline.longest_path(script) <= most


@pytest.mark.parametrize("name", FOR_PARTICIPANTS)
def test_a_dialogue_in_which_something_can_be_shared_has_a_last_word(name: str) -> None:
    """After the share step something is said, so that it does not end on the question what leaves."""
    script = SCRIPTS[name]
    if offered(script) and name != "take_break":
        assert isinstance(script.steps[-1], Say)
