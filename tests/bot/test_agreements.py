"""Agreements: whatever the two sides do in whatever order, only what both confirmed is active, and nothing is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import agreements
from bot.agreements import OWNERS, Act, Agreement, Course, Hand, NotNow, NotWritten, Wording, propose, wording
from bot.agreements.course import SIDES
from bot.agreements.history import history
from bot.wording import WORDING
from dialogues.loader import load
from dialogues.session import Answer, Outcome
from storage.agreements import Side

NOW = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)
MAY_9, MAY_16 = date(2026, 5, 9), date(2026, 5, 16)
CALL = Wording("Call the shop", "The shop has answered", "en", "specialist", MAY_9)
OTHER = Wording("Write to the shop", "", "en", "participant", None)


def hand(side: Side, hours: int = 0) -> Hand:
    return Hand(side, 7, NOW + timedelta(hours=hours))


def proposed(side: Side = "participant", says: Wording = CALL) -> Course:
    return Course((propose(12, 1, says, hand(side)),))


def then(course: Course, made: Agreement) -> Course:
    return Course((*course.revisions, made))


def active() -> Course:
    course = proposed()
    return then(course, course.confirm(hand("specialist", 1)))


# One after the other --------------------------------------------------------------------------------------------------


def test_a_proposal_waits_for_the_other_side() -> None:
    course = proposed()
    assert course.now.state == "proposed"
    assert (course.now.revision, course.now.made_by, course.now.staff_id, course.now.at) == (1, "participant", 7, NOW)
    assert wording(course.now) == CALL
    assert course.waits_for("specialist")
    assert not course.waits_for("participant")
    assert course.in_force is None
    assert course.may("participant") == {Act.CHANGE, Act.DROP}
    assert course.may("specialist") == {Act.CONFIRM, Act.CHANGE, Act.ASK_CHANGE, Act.DECLINE}
    with pytest.raises(NotNow):
        course.confirm(hand("participant"))


def test_it_is_active_when_both_have_confirmed() -> None:
    course = active()
    assert course.now.state == "active"
    assert course.now.confirmed_by_participant_at == NOW
    assert course.now.confirmed_by_specialist_at == NOW + timedelta(hours=1)
    assert course.in_force == course.now
    assert not any(course.waits_for(side) for side in SIDES)
    assert course.may("participant") == course.may("specialist") >= {Act.DONE, Act.NOT_YET, Act.CHANGE, Act.DROP}


def test_a_change_leaves_what_was_agreed_in_force_until_the_other_side_confirms() -> None:
    before = active()
    changed = then(before, before.change(OTHER, hand("specialist", 2)))
    assert changed.now.state == "proposed"
    assert changed.in_force == before.now
    assert changed.waits_for("participant")
    assert wording(changed.now) == OTHER
    agreed = then(changed, changed.confirm(hand("participant", 3)))
    assert agreed.now.state == "active"
    assert agreed.in_force == agreed.now
    assert wording(agreed.now) == OTHER


@pytest.mark.parametrize(("act", "side"), [("decline", "participant"), ("drop", "specialist")])
def test_when_a_change_is_declined_or_taken_back_what_was_agreed_stands_again(act: str, side: Side) -> None:
    before = active()
    changed = then(before, before.change(OTHER, hand("specialist", 2)))
    back = then(changed, getattr(changed, act)(hand(side, 3)))
    assert back.now.state == "active"
    assert wording(back.now) == CALL
    assert (back.now.revision, back.now.made_by) == (4, side)
    assert (back.now.confirmed_by_participant_at, back.now.confirmed_by_specialist_at) == (
        before.now.confirmed_by_participant_at,
        before.now.confirmed_by_specialist_at,
    )
    assert changed.revisions[2] == back.revisions[2], "the change can still be read"


def test_a_proposal_that_is_declined_or_taken_back_is_over() -> None:
    course = proposed()
    assert course.decline(hand("specialist")).state == "declined"
    assert course.drop(hand("participant")).state == "dropped"
    over = then(course, course.decline(hand("specialist")))
    assert over.is_over
    assert over.in_force is None
    assert not over.may("participant")
    assert not over.may("specialist")


@pytest.mark.parametrize("side", SIDES)
def test_either_side_says_that_it_is_done_or_dropped(side: Side) -> None:
    course = active()
    assert course.done(hand(side)).state == "done"
    assert course.drop(hand(side)).state == "dropped"
    assert course.done(hand(side)).made_by == side


def test_another_day_has_to_be_confirmed() -> None:
    course = active()
    later = then(course, course.not_yet(MAY_16, hand("participant", 2)))
    assert later.now.due == MAY_16
    assert later.now.what == CALL.what
    assert later.waits_for("specialist")
    assert later.in_force == course.now
    with pytest.raises(NotWritten, match="same"):
        course.not_yet(MAY_9, hand("participant"))
    with pytest.raises(NotNow):
        later.not_yet(MAY_9, hand("specialist"))


def test_somebody_can_ask_for_a_change_without_new_words() -> None:
    course = active()
    asked = then(course, course.ask_change(hand("participant", 2)))
    assert asked.now.state == "proposed"
    assert wording(asked.now) == CALL
    assert all(asked.waits_for(side) for side in SIDES)
    assert asked.in_force == course.now
    with pytest.raises(NotNow):
        asked.ask_change(hand("specialist"))
    one = then(asked, asked.confirm(hand("specialist", 3)))
    assert one.now.state == "proposed"
    both = then(one, one.confirm(hand("participant", 4)))
    assert both.now.state == "active"


def test_what_changes_nothing_is_no_change() -> None:
    with pytest.raises(NotWritten, match="same"):
        active().change(CALL, hand("specialist"))
    with pytest.raises(NotWritten, match="same"):
        proposed().change(Wording("  Call  the shop ", CALL.sign, "en", "specialist", MAY_9), hand("specialist"))


def test_an_agreement_says_what() -> None:
    for empty in ("", " \n "):
        with pytest.raises(NotWritten, match="empty"):
            proposed(says=Wording(empty, "sign", "en", "together", None))
    with pytest.raises(NotWritten, match="empty"):
        active().change(Wording(" ", "", "en", "together", None), hand("participant"))


def test_a_log_that_shows_one_shows_no_words() -> None:
    assert "shop" not in f"{active()!r} {CALL!r}"


# Whatever they do -----------------------------------------------------------------------------------------------------


wordings = st.builds(
    Wording,
    what=st.sampled_from(["call", "write", "ask"]),
    sign=st.sampled_from(["", "an answer"]),
    language=st.sampled_from(["en", "ar"]),
    owner=st.sampled_from(OWNERS),
    due=st.sampled_from([None, MAY_9, MAY_16]),
)
steps = st.tuples(st.sampled_from(list(Act)), st.sampled_from(SIDES), wordings)


def _do(course: Course, act: Act, by: Hand, says: Wording) -> Agreement:
    if act is Act.CHANGE:
        return course.change(says, by)
    if act is Act.NOT_YET:
        return course.not_yet(says.due or MAY_9, by)
    made: Agreement = getattr(course, act)(by)
    return made


@settings(max_examples=300)
@given(st.sampled_from(SIDES), wordings, st.lists(steps, max_size=12))
def test_only_what_both_confirmed_is_active_and_nothing_is_lost(
    first: Side, says: Wording, lived: list[tuple[Act, Side, Wording]]
) -> None:
    course = Course((propose(12, 1, says, hand(first)),))
    yes: dict[Side, list[Wording]] = {"participant": [], "specialist": []}
    yes[first].append(wording(course.now))
    for hours, (act, side, new) in enumerate(lived, 1):
        before, allowed = course.revisions, course.may(side)
        try:
            made = _do(course, act, hand(side, hours), new)
        except NotNow:
            assert act not in allowed
            continue
        except NotWritten:
            assert act in allowed
            continue
        assert act in allowed
        course = then(course, made)
        if act in (Act.CONFIRM, Act.CHANGE, Act.NOT_YET):
            yes[side].append(wording(made))
        assert course.revisions[:-1] == before
        assert (made.number, made.revision) == (1, before[-1].revision + 1)
        assert (made.made_by, made.at) == (side, NOW + timedelta(hours=hours))
        _holds(course, yes)


def _holds(course: Course, yes: dict[Side, list[Wording]]) -> None:
    both = [course.now.confirmed_by_participant_at, course.now.confirmed_by_specialist_at]
    if course.now.state == "active":
        assert None not in both
        assert all(wording(course.now) in yes[side] for side in SIDES), "nobody is bound to what they did not confirm"
        assert course.in_force == course.now
    if course.now.state == "proposed":
        assert None in both
        assert any(course.waits_for(side) for side in SIDES)
    assert bool(course.may("participant")) is bool(course.may("specialist")) is not course.is_over
    assert course.in_force is None or course.in_force in course.revisions


# What happened --------------------------------------------------------------------------------------------------------


def test_the_history_says_who_did_what() -> None:
    course = active()
    course = then(course, course.change(OTHER, hand("specialist", 2)))
    course = then(course, course.decline(hand("participant", 3)))
    course = then(course, course.ask_change(hand("participant", 4)))
    course = then(course, course.confirm(hand("specialist", 5)))
    course = then(course, course.confirm(hand("participant", 6)))
    course = then(course, course.not_yet(MAY_16, hand("participant", 7)))
    course = then(course, course.drop(hand("participant", 8)))
    course = then(course, course.done(hand("specialist", 9)))
    assert [(step.kind, step.made.made_by) for step in history(course)] == [
        ("proposed", "participant"),
        ("confirmed", "specialist"),
        ("changed", "specialist"),
        ("change_let_go", "participant"),
        ("change_asked", "participant"),
        ("confirmed", "specialist"),
        ("confirmed", "participant"),
        ("changed", "participant"),
        ("change_let_go", "participant"),
        ("done", "specialist"),
    ]
    assert [step.made for step in history(course)] == list(course.revisions)


def test_a_proposal_that_was_declined_or_dropped_says_so() -> None:
    course = proposed()
    assert [step.kind for step in history(then(course, course.decline(hand("specialist"))))] == ["proposed", "declined"]
    assert [step.kind for step in history(then(course, course.drop(hand("participant"))))] == ["proposed", "dropped"]


def test_the_person_is_told_what_the_specialist_did_unless_an_answer_is_asked() -> None:
    course = active()
    kim = hand("specialist", 2)
    changed = then(course, course.change(OTHER, kim))
    for other, context in (
        (course, "ui/agreed.confirmed"),
        (then(course, course.done(kim)), "ui/agreed.done"),
        (then(course, course.drop(kim)), "ui/agreed.dropped"),
        (then(proposed(), proposed().decline(kim)), "ui/agreed.declined"),
        (then(changed, changed.drop(kim)), "ui/agreed.change_let_go"),
        (changed, ""),
        (then(course, course.done(hand("participant", 2))), ""),
        (proposed("specialist"), ""),
    ):
        assert agreements.told(other) == context
        assert not context or "{specialist}" in WORDING[context]


def test_a_yes_that_still_needs_the_persons_own_is_asked_and_not_told() -> None:
    course = active()
    asked = then(course, course.ask_change(hand("participant", 2)))
    assert agreements.told(then(asked, asked.confirm(hand("specialist", 3)))) == ""


# In a chat ------------------------------------------------------------------------------------------------------------


AGREE = load(
    """\
dialogue: agree
title: Agree
language: en

steps:

  what:
    ask: What do you want to agree on?
    answer: text
    tags: agreement:what

  who:
    ask: Who does it?
    answer: one of
    options:
      participant: I do it
      specialist: Your specialist
      together: We do it together
      someone_else: Someone else
    tags: agreement:who

  by:
    ask: Until which day?
    answer: date
    tags: agreement:by

  sign:
    ask: How do you both notice it is done?
    answer: text
    tags: agreement:sign

  mood:
    ask: How are you?
    answer: text
"""
)
"""In which a person proposes one."""

WORDS = Answer(words="Call the shop")
PERSON = hand("participant", 5)


def said(**answers: Answer) -> dict[str, Answer]:
    return {f"agreement:{tag}": answer for tag, answer in answers.items()}


def choice(option: str) -> Answer:
    return Answer(choices=(option,))


def test_what_was_shared_is_what_is_proposed() -> None:
    done = {
        "agree/what": WORDS,
        "agree/who": choice("specialist"),
        "agree/by": Answer(day="2026-05-09"),
        "agree/sign": Answer(words="The shop has answered"),
        "agree/mood": Answer(words="Tired"),
    }
    given_there = agreements.given(AGREE, done.items())
    assert set(given_there) == {"agreement:what", "agreement:who", "agreement:by", "agreement:sign"}
    assert agreements.proposal(given_there, "en") == CALL
    only_what = agreements.given(AGREE, [("agree/what", WORDS), ("agree/by", Outcome.SKIPPED)])
    assert agreements.proposal(only_what, "ar") == Wording("Call the shop", "", "ar", "together", None)


def test_nothing_is_proposed_without_the_line_that_says_what() -> None:
    assert agreements.proposal(said(who=choice("participant"), by=Answer(day="2026-05-09")), "en") is None
    assert agreements.proposal(said(what=Answer(words="  ")), "en") is None


def test_a_script_remembers_what_an_agreement_says() -> None:
    assert agreements.remembered(active().now) == {
        "what": WORDS,
        "who": choice("specialist"),
        "by": Answer(day="2026-05-09"),
        "sign": Answer(words="The shop has answered"),
    }
    assert agreements.remembered(proposed(says=OTHER).now) == {
        "what": Answer(words="Write to the shop"),
        "who": choice("participant"),
    }


def answer(course: Course, **answers: Answer) -> Agreement | None:
    return agreements.answered(course, agreements.remembered(course.now), said(**answers), PERSON, "ar")


def test_an_answer_to_a_proposal() -> None:
    course = proposed("specialist")
    assert answer(course, answer=choice("yes")) == course.confirm(PERSON)
    assert answer(course, answer=choice("no")) == course.decline(PERSON)
    assert answer(course, answer=choice("change")) == course.ask_change(PERSON)
    assert answer(course) is None


def test_a_change_in_new_words_waits_for_the_specialist() -> None:
    course = proposed("specialist")
    changed = answer(course, answer=choice("change"), what=Answer(words="نكتب"), by=Answer(day="2026-05-16"))
    assert changed is not None
    assert wording(changed) == Wording("نكتب", CALL.sign, "ar", "specialist", MAY_16)
    assert then(course, changed).waits_for("specialist")
    by_another = answer(course, answer=choice("change"), who=choice("together"))
    assert by_another is not None
    assert (by_another.owner, by_another.language) == ("together", "en")


def test_to_ask_for_a_change_twice_changes_nothing() -> None:
    course = active()
    asked = then(course, course.ask_change(hand("specialist", 2)))
    assert answer(asked, answer=choice("change")) is None


def test_what_is_said_on_the_day() -> None:
    course = active()
    assert answer(course, review=choice("done")) == course.done(PERSON)
    assert answer(course, review=choice("drop")) == course.drop(PERSON)
    assert answer(course, review=choice("changed")) == course.ask_change(PERSON)
    later = answer(course, review=choice("not_yet"), new_day=Answer(day="2026-05-16"))
    assert later == course.not_yet(MAY_16, PERSON)


@pytest.mark.parametrize("new_day", [{}, {"new_day": Answer(day="2026-05-09")}])
def test_not_yet_without_another_day_leaves_it_as_it_is(new_day: dict[str, Answer]) -> None:
    assert answer(active(), review=choice("not_yet"), **new_day) is None


@pytest.mark.parametrize("given_then", [{"answer": choice("yes")}, {"review": choice("done")}])
def test_nobody_says_yes_to_what_they_have_not_read(given_then: dict[str, Answer]) -> None:
    course = proposed("specialist") if "answer" in given_then else active()
    read = agreements.remembered(course.now)
    changed = then(course, course.change(OTHER, hand("specialist", 2)))
    assert agreements.answered(changed, read, said(**given_then), PERSON, "en") is None
    over = then(course, course.drop(hand("specialist", 2)))
    assert agreements.answered(over, read, said(**given_then), PERSON, "en") is None
