"""The session is JSON between any two inputs: what is in it comes back as it was, and no more is in it than needed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues import engine
from dialogues.loader import load
from dialogues.session import Answer, Outcome, Record, Session, Sharing
from tests.dialogues.steps import steps

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
"""What people write, and what names may be; lone surrogates are dropped where texts come in."""
NUMBERS = st.none() | st.integers(-(10**15), 10**15) | st.floats(-1e9, 1e9).map(lambda number: round(number, 6))
ANSWERS = st.builds(
    Answer, choices=st.lists(TEXTS, max_size=4).map(tuple), number=NUMBERS, day=TEXTS, words=TEXTS, voice=TEXTS
)
RECORDS: st.SearchStrategy[Record] = (
    ANSWERS | st.sampled_from(Outcome) | st.builds(Sharing, lines=st.lists(TEXTS, max_size=4).map(tuple))
)
SESSIONS = st.builds(
    Session,
    done=st.dictionaries(TEXTS, RECORDS, max_size=5),
    waiting=TEXTS,
    choosing=st.booleans(),
    remembered=st.dictionaries(TEXTS, ANSWERS, max_size=3),
    resting=st.frozensets(TEXTS, max_size=3),
    topics=st.none() | st.frozensets(TEXTS, max_size=3),
    sharing=TEXTS,
    returned=st.booleans(),
    picked=st.none() | st.lists(TEXTS, max_size=4).map(tuple),
)


@given(SESSIONS)
def test_any_session_comes_back_from_json_as_it_was(session: Session) -> None:
    text = session.to_json()
    back = Session.from_json(text)
    assert back == session
    assert list(back.done) == list(session.done)
    assert [type(record) for record in back.done.values()] == [type(record) for record in session.done.values()]
    json.loads(text)


@pytest.mark.parametrize("number", [0, -1, 10**15, 0.0, 2.5, -0.1, None])
def test_a_number_keeps_its_value_and_its_kind(number: float | None) -> None:
    session = Session(done={"a/b": Answer(number=number)})
    back = Session.from_json(session.to_json()).done["a/b"]
    assert isinstance(back, Answer)
    assert (back.number, type(back.number)) == (number, type(number))


@pytest.mark.parametrize(
    "record",
    [Answer(), Sharing(), *Outcome, Answer(words='{"record": "sharing"}'), Answer(choices=("shared",))],
    ids=str,
)
def test_records_are_never_taken_for_one_another(record: Record) -> None:
    back = Session.from_json(Session(done={"a/b": record}).to_json()).done["a/b"]
    assert (back, type(back)) == (record, type(record))


def test_a_session_that_waits_for_nothing_is_closed() -> None:
    assert Session().closed
    assert not Session(waiting="a/b").closed


def test_the_words_of_a_person_stand_in_the_json_as_they_are() -> None:
    """Nothing is escaped: what is stored is as short as it can be, in every script."""
    stored = Session(done={"a/b": Answer(words="تعبت 🙂")}).to_json()
    text = stored.decode("utf-8") if isinstance(stored, bytes) else stored
    assert "تعبت 🙂" in text


def test_what_a_session_does_not_have_is_not_written() -> None:
    assert Session().to_json() == b"{}"
    assert Session(waiting="a/b").to_json() == b'{"waiting":"a/b"}'


def test_nothing_ticked_any_more_is_told_from_nothing_pressed_yet() -> None:
    stored = Session(waiting="a/b", picked=()).to_json()
    assert stored == b'{"waiting":"a/b","picked":[]}'
    assert Session.from_json(stored).picked == ()


def test_a_stored_session_goes_on_in_another_process() -> None:
    """All there is to go on with is the text of the session and the script."""
    source = steps("""
      one:
        ask: One?
        answer: text
      two:
        when: one was answered
        ask: Two?
        answer: text
    """)
    session, _ = engine.start(load(source), {"x": Answer(number=2)}, frozenset({"other/question"}))
    for words in ("a", "b"):
        session, _ = engine.play(load(source), Session.from_json(session.to_json()), Answer(words=words))
    assert session.closed
    assert session.done == {"whole/one": Answer(words="a"), "whole/two": Answer(words="b")}
    assert (session.remembered, session.resting) == ({"x": Answer(number=2)}, frozenset({"other/question"}))


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"done": 3}', '{"done": {"a/b": {"record": "other"}}, "waiting": ""}']
)
def test_what_is_no_session_is_refused_and_not_guessed_at(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Session.from_json(text)
