"""Files that want to be more than a script are refused before anything grows from them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialogues import loader
from dialogues.problems import MOST_REPORTED

HEAD = "dialogue: evening\nlanguage: en\n"
STEPS = HEAD + "steps:\n  hello:\n    say: Hello.\n"
LAUGHS = "".join(f"  - &l{n + 1} [{', '.join([f'*l{n}'] * 9)}]\n" for n in range(9))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param(HEAD + "laughs:\n  - &l0 [ha]\n" + LAUGHS, {"MV005"}, id="a billion laughs"),
        pytest.param(HEAD + "steps: &all\n  hello: *all\n", {"MV005"}, id="a list that holds itself"),
        pytest.param(STEPS + "  more:\n    <<: *all\n    say: Hi.\n", {"MV005"}, id="a merge"),
        pytest.param(STEPS + "  more: !!python/name:os.system {}\n", {"MV005"}, id="a tag that is looked up"),
        pytest.param(
            STEPS + "  more: !!python/object/apply:os.system ['true']\n", {"MV005"}, id="a tag that is called"
        ),
        pytest.param(STEPS + "  more:\n    say: !!binary aGVq\n", {"MV005"}, id="a tag that decodes"),
        pytest.param(HEAD + "steps: " + "[" * 100_000 + "]" * 100_000, {"MV002"}, id="deep lists"),
        pytest.param(HEAD + "steps: " + "{a: " * 60_000 + "}" * 60_000, {"MV002"}, id="deep fields, too large"),
        pytest.param(HEAD + "steps: " + "{a: " * 40_000 + "}" * 40_000, {"MV002"}, id="deep fields"),
        pytest.param(HEAD + "steps:\n" + "".join(" " * n + "a:\n" for n in range(1, 600)), {"MV002"}, id="deep lines"),
        pytest.param(HEAD + "steps:\n" + "- - - - - - " * 20_000, {"MV002"}, id="deep dashes"),
        pytest.param("? " * 100_000, {"MV003"}, id="deep keys"),
        pytest.param(HEAD + "steps: [" + "a," * 100_000 + "]", {"MV002"}, id="many parts"),
        pytest.param(HEAD + "steps: [" + "," * 200_000 + "]", {"MV003"}, id="many commas"),
        pytest.param(STEPS + "#" * 262_144, {"MV002"}, id="a long comment"),
        pytest.param(STEPS + "\U0001f600" * 66_000, {"MV002"}, id="few letters, many bytes"),
        pytest.param("a: " * 80_000, {"MV003"}, id="many colons"),
        pytest.param(STEPS + '  x: "' + "\\" * 200_000, {"MV003"}, id="many backslashes"),
        pytest.param(STEPS + "  x: " + "'" * 200_001, {"MV003"}, id="many quotes"),
        pytest.param(STEPS + "---\n" * 60_000, {"MV005"}, id="many documents"),
        pytest.param("%TAG ! tag:x\n" * 20_000 + "---\n" + STEPS, {"MV003"}, id="many orders"),
        pytest.param(STEPS + "\x00", {"MV001"}, id="a NUL"),
        pytest.param(STEPS + "\ud800", {"MV001"}, id="half a letter"),
        pytest.param(STEPS.encode() + b"\xff", {"MV001"}, id="not UTF-8"),
        pytest.param(STEPS.encode("utf-16"), {"MV001"}, id="UTF-16"),
        pytest.param(STEPS + "  \u202eolleh:\n    say: Hi.\n", {"MV007", "MV016"}, id="a name that is turned"),
        pytest.param(b"", {"MV012"}, id="nothing"),
        pytest.param("{" * 5 + "a" + "}" * 5, {"MV003"}, id="braces as names"),
    ],
)
def test_it_is_refused(text: str | bytes, codes: set[str]) -> None:
    checked = loader.check(text)
    assert checked.script is None
    assert codes <= {problem.code for problem in checked.problems}
    assert len(checked.problems) <= MOST_REPORTED


def test_many_names_that_are_like_one_another_are_still_looked_through() -> None:
    steps = "".join(f"  step_number_{n}:\n    ask: What?\n    answer: text\n" for n in range(199))
    wrong = "".join(f"      - stepp_numbr_{n} was answered\n" for n in range(6_000))
    checked = loader.check(HEAD + "steps:\n" + steps + "  last:\n    say: Yes.\n    when:\n" + wrong)
    assert {problem.code for problem in checked.problems} == {"MV021"}
    assert len(checked.problems) == MOST_REPORTED


def test_conditions_that_multiply_do_not_take_for_ever() -> None:
    """Two hundred questions, each asked depending on all before it: more ways through than anybody could go."""
    asks = "".join(
        f"  q{n}:\n    ask: Is it {n}?\n    answer: yes or no\n"
        + (f"    when any:\n{''.join(f'      - q{m} is yes{chr(10)}' for m in range(n))}" if n else "")
        for n in range(100)
    )
    checked = loader.check(HEAD + "steps:\n" + asks)
    assert {problem.code for problem in checked.problems} == {"MV054"}


def test_topics_that_multiply_do_not_take_for_ever() -> None:
    """Every question hides its options by topics of its own, and all of these topics come back at the end."""
    asks, again = "", ""
    for n in range(12):
        topics = "".join(f"      o{m}: t{n}_{m}\n" for m in range(6))
        options = "".join(f"      o{m}: Option {m}\n" for m in range(6))
        asks += f"  q{n}:\n    ask: Which?\n    answer: any of\n    options:\n{options}    topic:\n{topics}"
        asks += "".join(f"  l{n}_{m}:\n    when: q{n} includes o{m}\n    say: It is {m}.\n" for m in range(6))
        again += "".join(f"  a{n}_{m}:\n    topic: t{n}_{m}\n    say: Again.\n" for m in range(6))
    assert loader.check(HEAD + "steps:\n" + asks + again).problems == ()


def test_a_topic_for_every_one_of_a_hundred_options_does_not_take_for_ever() -> None:
    options = "".join(f"      o{n}: Option {n}\n" for n in range(100))
    topics = "".join(f"      o{n}: t{n}\n" for n in range(100))
    ask = f"  q:\n    ask: Which?\n    answer: any of\n    options:\n{options}    topic:\n{topics}"
    assert loader.check(HEAD + "steps:\n" + ask).problems == ()


def test_very_many_turns_do_not_take_for_ever() -> None:
    asks = "".join(f"  q{n}:\n    ask: Is it {n}?\n    answer: yes or no\n" for n in range(190))
    rotate = "rotate:\n" + "".join(
        f"  - choose: {choose}\n    of: [{', '.join(f'q{n}' for n in range(start, start + 95))}]\n"
        for start, choose in ((0, 4), (95, 9_999))
    )
    checked = loader.check(HEAD + rotate + "steps:\n" + asks)
    assert {problem.code for problem in checked.problems} == {"MV054", "MV061"}


def test_many_options_do_not_take_for_ever() -> None:
    options = "".join(f"      o{n}: Option {n}\n" for n in range(60))
    looks = "".join(f"  l{n}:\n    when: much includes o{n}\n    say: It is {n}.\n" for n in range(60))
    text = HEAD + f"steps:\n  much:\n    ask: What?\n    answer: any of\n    options:\n{options}{looks}"
    assert loader.check(text).problems == ()


@given(st.one_of(st.text(), st.binary()))
@example("a")
@example("- a")
@example("dialogue:\nlanguage:\nsteps:\n")
@example("dialogue: []\nlanguage: {}\nsteps: {a: {b: c}}\n")
@example("? {a: b}\n: c\n")
def test_whatever_comes_is_answered_with_problems(text: str | bytes) -> None:
    checked = loader.check(text)
    assert checked.script is None
    assert checked.problems


MANY = 200


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(
            "  q{n}:\n    ask: What?\n    answer: any of\n    options:\n"
            + "".join(f"      o{m}: Option {m}\n" for m in range(95)),
            id="many options each",
        ),
        pytest.param(
            "  q{n}:\n    ask: What?\n    answer: number\n  l{n}:\n    say: Yes.\n    when any:\n"
            + "".join(f"      - q{{n}} is at least {m}\n" for m in range(180)),
            id="many numbers to compare with",
        ),
        pytest.param(
            "  q{n}:\n    ask: What?\n    answer: any of\n    options:\n"
            + "".join(f"      o{m}: Option {m}\n" for m in range(40))
            + '  e{n}:\n    for each: q{n}\n    say: "{{each}}"\n    when any:\n'
            + "".join(f"      - q{{n}} includes o{m}\n" for m in range(8)),
            id="many repeated",
        ),
    ],
)
def test_a_script_that_is_as_large_as_may_be_is_looked_through(step: str) -> None:
    text = HEAD + "steps:\n" + "".join(step.format(n=n) for n in range(MANY))
    while len(text) > 250_000:
        text = text[: text.rindex("\n  q")]
    checked = loader.check(text + "\n")
    assert checked.problems
    assert {problem.code for problem in checked.problems} <= {"MV002", "MV054", "MV029"}
