"""Rotation: whose turn it is, over many conversations."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues.events import Asked
from dialogues.loader import check, load, load_bundle
from dialogues.model import Rotation, Script
from dialogues.rotation import hardly_asked, resting_by_rotation
from dialogues.session import Answer
from tests.dialogues.held import Held
from tests.dialogues.steps import steps

YES = Answer(choices=("yes",))
MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


def ask(name: str, more: str = "") -> str:
    return f"  {name}:\n    ask: How was it ({name})?\n    answer: yes or no\n{more}"


def turns(choose: int, names: str, more: dict[str, str] | None = None) -> Script:
    """A script in which these questions take turns, after one that is always asked."""
    asks = "".join(ask(name, (more or {}).get(name, "")) for name in names)
    text = f"rotate:\n  - choose: {choose}\n    of: [{', '.join(names)}]\nsteps:\n{ask('always')}{asks}"
    return load(f"dialogue: whole\nlanguage: en\n{text}")


def asked(script: Script, resting: frozenset[str]) -> str:
    """The questions that take turns and do not rest."""
    return "".join(sorted(key[-1] for each in script.rotations for key in each.of if key not in resting))


def weeks(script: Script, count: int) -> list[str]:
    """What is asked in so many weeks, one conversation in each."""
    last: dict[str, datetime] = {}
    found = []
    for week in range(count):
        resting = resting_by_rotation(script, last)
        held = Held.begin(script, resting=resting)
        found.append(asked(script, resting))
        while not held.session.closed:
            last[held.session.waiting] = MONDAY + timedelta(weeks=week)
            held.send(YES)
    return found


def test_a_script_without_turns_rests_nothing() -> None:
    assert resting_by_rotation(load(steps(ask("a"))), {}) == frozenset()


def test_all_come_in_the_order_of_the_list_and_then_from_the_beginning() -> None:
    assert weeks(turns(2, "abcd"), 4) == ["ab", "cd", "ab", "cd"]
    assert weeks(turns(2, "abc"), 4) == ["ab", "ac", "bc", "ab"]
    assert weeks(turns(1, "cab"), 4) == ["c", "a", "b", "c"]
    assert weeks(turns(2, "abcde"), 5) == ["ab", "cd", "ae", "bc", "de"]


def test_what_was_never_asked_comes_before_what_was_asked_long_ago() -> None:
    script = turns(1, "abc")
    last = {"whole/a": MONDAY - timedelta(days=900), "whole/c": MONDAY}
    assert asked(script, resting_by_rotation(script, last)) == "b"
    assert asked(script, resting_by_rotation(script, last | {"whole/b": MONDAY})) == "a"


def test_at_the_same_time_the_order_of_the_list_decides() -> None:
    script = turns(2, "dbca")
    assert (
        asked(script, resting_by_rotation(script, dict.fromkeys((f"whole/{name}" for name in "abcd"), MONDAY))) == "bd"
    )


def test_what_always_comes_is_left_alone() -> None:
    assert "whole/always" not in resting_by_rotation(turns(1, "ab"), {})


def test_two_lists_take_turns_each_for_itself() -> None:
    script = load(
        turns(1, "ab").source.replace("steps:", "  - choose: 2\n    of: [c, d, e]\nsteps:") + "".join(map(ask, "cde"))
    )
    assert weeks(script, 4) == ["acd", "bce", "ade", "bcd"]


@given(st.integers(1, 5), st.lists(st.sampled_from("abcdef"), max_size=12))
def test_so_many_are_asked_whatever_was_asked_before_and_never_comes_before_long_ago(
    choose: int, history: list[str]
) -> None:
    script = SIX[choose]
    last = {f"whole/{name}": MONDAY + timedelta(days=day) for day, name in enumerate(history)}
    resting = resting_by_rotation(script, last)
    now = [key for key in script.rotations[0].of if key not in resting]
    assert len(now) == choose
    never = [key for key in script.rotations[0].of if key not in last]
    assert {*never[:choose]} <= {*now}
    if len(never) < choose:
        assert min(last, key=last.__getitem__) in now, "nobody is forgotten"


SIX = {choose: turns(choose, "abcdef") for choose in range(1, 6)}


@given(st.integers(1, 5), st.integers(1, 20))
def test_all_have_their_turn_equally_often(choose: int, count: int) -> None:
    often = Counter("".join(weeks(SIX[choose], count)))
    assert max(often.values()) - min(often.get(name, 0) for name in "abcdef") <= 1


def test_what_a_person_is_not_asked_about_takes_nobodys_turn() -> None:
    script = turns(1, "abc", {"a": "    topic: work\n", "b": "    topic: outside\n"})
    nothing = frozenset[str]()
    held = Held.begin(script, resting=resting_by_rotation(script, {}, topics=nothing), topics=nothing)
    assert (held.send(YES)[-1], held.waiting) == (Asked("whole/c", 2, 2), "c")
    last: dict[str, datetime] = {}
    for week, turn in enumerate("bcbc"):
        resting = resting_by_rotation(script, last, topics=frozenset({"outside"}))
        held = Held.begin(script, resting=resting, topics=frozenset({"outside"}))
        held.send(Answer(choices=("yes",)))
        assert held.waiting == turn
        last[f"whole/{turn}"] = MONDAY + timedelta(weeks=week)


OWN = steps("""
  a:
    when: first was answered
    ask: Your question is {first}
    answer: yes or no
  b:
    when: second was answered
    ask: Your question is {second}
    answer: yes or no
""").replace(
    "steps:",
    "remember:\n  first: own/first\n  second: own/second\nrotate:\n  - choose: 1\n    of: [a, b]\nsteps:",
)
LIBRARY = {"own": steps(ask("first") + ask("second"), dialogue="own")}


def test_what_is_not_remembered_takes_nobodys_turn() -> None:
    script = load(OWN, LIBRARY)
    second = {"second": Answer(choices=("yes",))}
    assert resting_by_rotation(script, {}, second) == frozenset()
    assert Held.begin(script, second, resting_by_rotation(script, {}, second)).waiting == "b"
    both = {"first": Answer(choices=("no",)), **second}
    assert resting_by_rotation(script, {}, both) == {"whole/b"}
    assert resting_by_rotation(script, {"whole/a": MONDAY}, both) == {"whole/a"}


def test_where_it_is_not_known_what_is_remembered_every_question_has_its_turn() -> None:
    assert resting_by_rotation(load(OWN, LIBRARY), {}) == {"whole/b"}


def test_questions_take_turns_in_a_dialogue_that_is_run() -> None:
    """Whether it is run at all is not known yet, and takes nobody's turn."""
    inner = turns(1, "ab").source.replace("dialogue: whole", "dialogue: inner")
    outer = load(steps(ask("start") + "  part:\n    when: start is yes\n    run: inner\n"), {"inner": inner})
    assert outer.rotations == (Rotation(1, ("inner/a", "inner/b")),)
    assert resting_by_rotation(outer, {}, {}) == {"inner/b"}
    assert resting_by_rotation(outer, {"inner/a": MONDAY}, {}) == {"inner/a"}


# Sides of work --------------------------------------------------------------------------------------------------------

SIDES = {"a": "soc:c", "b": "soc:c", "c": "soc:m", "d": "soc:m", "e": "soc:me", "f": "soc:me"}


def sided(choose: int, sides: dict[str, str]) -> Script:
    """Even where too little is asked, so that what is missing can be counted."""
    asks = "".join(ask(name, f"    tags: {tag}\n") for name, tag in sides.items())
    text = f"rotate:\n  - choose: {choose}\n    of: [{', '.join(sides)}]\nsteps:\n{asks}"
    return load_bundle({"whole": f"dialogue: whole\nlanguage: en\n{text}"}, "whole")


@pytest.mark.parametrize(
    ("choose", "missing"),
    [(1, dict.fromkeys(SIDES.values(), 0)), (2, dict.fromkeys(SIDES.values(), 0)), (3, {}), (5, {})],
    ids=["one a time", "two a time", "half of them", "nearly all"],
)
def test_each_side_of_work_is_asked_about_twice_in_two_conversations(choose: int, missing: dict[str, int]) -> None:
    assert hardly_asked(sided(choose, SIDES)) == missing


def test_two_questions_are_needed_and_not_one_that_comes_twice() -> None:
    assert hardly_asked(sided(4, {name: tag for name, tag in SIDES.items() if name != "f"})) == {"soc:me": 1}


def test_later_conversations_count_as_the_first_do() -> None:
    """The first two ask two questions each about a side. After them, the five come round in other pairs."""
    sides = {"a": "soc:c", "b": "soc:m", "c": "soc:c", "d": "soc:m", "e": "soc:m"}
    always = "".join(ask(name, "    tags: [soc:me]\n") for name in ("f", "g"))
    script = sided(2, sides)
    assert hardly_asked(load_bundle({"whole": script.source + always}, "whole")) == {"soc:c": 1}


def test_a_question_that_waits_for_an_answer_does_not_count() -> None:
    follow = ask("e", "    when: a is yes\n    tags: [soc:m, soc:me]\n") + ask("f", "    tags: [soc:m, soc:me]\n")
    script = sided(1, {"a": "soc:c", "b": "soc:c"})
    assert hardly_asked(load_bundle({"whole": script.source + follow}, "whole")) == {"soc:m": 1, "soc:me": 1}


# Conditions -----------------------------------------------------------------------------------------------------------


def waiting(key: str, *conditions: str) -> str:
    """Two questions that take turns, of which one has conditions, after one that may open another."""
    guard = f"    {key}: [{', '.join(conditions)}]\n"
    talk = ask("talk", "    when: start is yes\n")
    remember = "remember:\n  first: own/first\n"
    text = f"{remember}rotate:\n  - choose: 1\n    of: [a, b]\nsteps:\n{ask('start')}{talk}{ask('a', guard)}{ask('b')}"
    return f"dialogue: whole\nlanguage: en\n{text}"


@pytest.mark.parametrize(
    ("key", "conditions", "possible"),
    [
        ("when", ["first is yes"], True),
        ("when", ["first is yes", "talk was not asked"], True),
        ("when", ["first is yes", "talk is yes"], False),
        ("when", ["talk was not answered", "start is yes"], False),
        ("when any", ["talk was not asked", "first is yes"], True),
        ("when any", ["talk was not asked", "start is yes"], True),
        ("when any", ["talk is yes", "start is yes", "first is yes"], True),
        ("when any", ["talk is yes", "start is yes"], False),
    ],
)
def test_a_question_that_takes_turns_may_make_way_but_not_wait(key: str, conditions: list[str], possible: bool) -> None:
    found = {problem.code for problem in check(waiting(key, *conditions), library=LIBRARY).problems} - {"MV057"}
    assert found == (set() if possible else {"MV061"})


@pytest.mark.parametrize(
    ("key", "conditions", "has_its_turn"),
    [
        ("when", ["first is yes"], False),
        ("when", ["first is yes", "talk was not asked"], False),
        ("when any", ["first is yes"], False),
        ("when any", ["first is yes", "talk was not asked"], True),
    ],
)
def test_what_may_still_come_has_its_turn(key: str, conditions: list[str], has_its_turn: bool) -> None:
    script = load(waiting(key, *conditions), LIBRARY)
    assert resting_by_rotation(script, {}, {}) == ({"whole/b"} if has_its_turn else frozenset())
