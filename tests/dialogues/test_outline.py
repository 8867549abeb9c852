"""A script as a page, as a graph, and how long it takes: compared with conversations that are really held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, islice
from pathlib import Path

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from dialogues import engine, loader, ways
from dialogues.engine import Skip
from dialogues.model import OWN_WORDS, AnswerKind, Ask, Script, topics_of
from dialogues.outline import graph, longest_path, outline, reading_time
from dialogues.session import Answer, Session

FOLDER = Path(__file__).parents[2] / "dialogues" / "scripts"
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
HEAD = "dialogue: evening\nlanguage: en\n"

EVENING = """
dialogue: evening
title: An evening check-in
language: en
remind after: 1 day
close after: 3 days
remember:
  before: evening/sure
rotate:
  - choose: 1
    of:
      - tea
      - walk

steps:

  hello:
    when: before was answered
    say: |
      Welcome back, {name}.
      You said {before} the last time.

  sure:
    ask: How sure are you?
    answer: scale 1 to 3
    low: Not sure
    high: Very sure
    not again within: 2 weeks
    label: Sure

  tea:
    topic: [good, outside]
    ask: Was there tea?
    answer: yes or no

  walk:
    ask: Was there a walk?
    answer: yes or no

  look:
    say: This was your month.
    picture: month

  hard:
    ask: Was something hard?
    answer: any of
    most: 2
    options:
      work: At work
      home: At home
      nothing: Nothing
    alone: nothing
    topic:
      home: outside
    own words: yes
    private: yes
    label: Hard

  how:
    for each: hard
    when:
      - sure was answered
    when any:
      - hard includes work
      - hard includes home
    ask: How hard was it ({each})?
    answer: yes or no

  sharing:
    share: This is what {specialist} will see.
    offer:
      - sure
      - hard
"""

PAGE = """\
An evening check-in (evening, en)
At most 5 questions, about 0 min 40 s.
One reminder after 1 day.
Closes after 3 days.
Remembers before: evening/sure
Asks 1 in turn of: tea, walk

hello  (says)
    only if before was answered
    Welcome back, {name}.
    You said {before} the last time.

sure  (asks: scale)
    not again within 2 weeks
    How sure are you?
      1 Not sure
      2
      3 Very sure

tea  (asks: yes or no)
    only who lets us ask about: good, outside
    Was there tea?

walk  (asks: yes or no)
    Was there a walk?

look  (says, with the picture of the month)
    This was your month.

hard  (asks: any of, at most 2)
    Was something hard?
      - At work
      - At home (about outside)
      - Nothing (alone)
      - own words

how  (asks: yes or no)
    only if sure was answered and (hard includes work or hard includes home)
    once for each of: hard
    How hard was it ({each})?

sharing  (offers for sharing)
    This is what {specialist} will see.
      [ ] sure
      [ ] hard  (private)
"""


def test_the_outline_is_a_page_to_read() -> None:
    assert outline(loader.load(EVENING)) == PAGE


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_the_outline_holds_every_text_of_a_shipped_script(name: str) -> None:
    script = loader.load(SOURCES[name], SOURCES)
    page = outline(script)
    for step in script.steps:
        for line in step.text.split("\n"):
            assert line in page
        if isinstance(step, Ask):
            assert all(option.text in page for option in step.options)


def test_the_graph_shows_steps_in_order_and_what_depends_on_what() -> None:
    drawn = graph(loader.load(EVENING))
    assert drawn.startswith('digraph "evening" {\n')
    assert drawn.endswith("}\n")
    assert drawn.count("{\n") == drawn.count("}\n") == 1
    for line in (
        '"evening/hello" -> "evening/sure";',
        '"evening/hard" -> "evening/how" [style=dotted, constraint=false, label="includes work"];',
        '"evening/hard" -> "evening/how" [style=dotted, constraint=false, label="for each"];',
        '"evening/sure" -> "evening/sharing" [style=dotted, constraint=false, label=""];',
        '"before" -> "evening/hello" [style=dotted, constraint=false, label="was answered"];',
        '"turns 1" [shape=ellipse, style=dashed, label="1 in turn"];',
        '"turns 1" -> "evening/tea" [style=dotted, constraint=false, label=""];',
        '"evening/tea" [shape=box, label="tea\\nWas there tea?\\nasks: yes or no\\ntopic: good, outside"];',
        '"evening/look" [shape=note, label="look\\nThis was your month."];',
    ):
        assert f"  {line}\n" in drawn


def test_quotes_and_backslashes_do_not_leave_their_label() -> None:
    script = loader.load(HEAD + 'steps:\n  hello:\n    say: |\n      Say "hello" \\ "];\n      and go.\n')
    (node,) = [line for line in graph(script).split("\n") if line.startswith('  "evening/hello"')]
    assert node == '  "evening/hello" [shape=note, label="hello\\nSay \\"hello\\" \\\\ \\"];"];'


# How long -------------------------------------------------------------------------------------------------------------


def test_reading_takes_a_word_its_time_and_a_question_its_own() -> None:
    words = " ".join(["word"] * 50)
    script = loader.load(
        HEAD + f"steps:\n  hello:\n    say: {words}\n  ready:\n    ask: One two three four five\n    answer: ok\n"
        "  how:\n    ask: One two three four five\n    answer: text\n"
    )
    assert reading_time(script) == timedelta(seconds=60 * 60 / 150 + 4)
    assert longest_path(script) == 1


def test_the_longest_way_is_one_that_can_be_gone() -> None:
    """Four questions, but never more than three in one conversation, because two of them rule each other out."""
    script = loader.load(
        HEAD + "steps:\n  a:\n    ask: A?\n    answer: yes or no\n"
        "  b:\n    when: a is yes\n    ask: B?\n    answer: text\n"
        "  c:\n    when: a is no\n    ask: C?\n    answer: text\n"
        "  d:\n    when: c was not asked\n    ask: D?\n    answer: text\n"
    )
    assert longest_path(script) == 3


def test_a_question_that_rests_may_let_another_one_in() -> None:
    text = HEAD + (
        "steps:\n  a:\n    ask: A?\n    answer: text\n"
        "  b:\n    when: a was not asked\n    ask: B?\n    answer: text\n"
        "  c:\n    when: b was not asked\n    ask: C?\n    answer: text\n"
    )
    assert [problem.code for problem in loader.check(text).problems] == ["MV029"]
    rests = text.replace("  b:", "    not again within: 1 week\n  b:")
    assert longest_path(loader.load(rests)) == 2


def test_a_question_for_each_option_counts_as_often_as_it_can_be_asked() -> None:
    script = loader.load(EVENING)
    assert longest_path(script) == 5
    assert longest_path(loader.load(EVENING.replace("    most: 2\n", ""))) == 6
    assert longest_path(loader.load(EVENING.replace("    most: 2\n", "").replace("    alone: nothing\n", ""))) == 7


ASK = "steps:\n  hard:\n    ask: Hard?\n    answer: any of\n    options:\n      x: X\n      y: Y\n      z: Z\n"


@pytest.mark.parametrize(
    ("extra", "conditions"),
    [
        ("    alone: z\n", ["hard includes z"]),
        ("    alone: z\n", ["hard does not include x", "hard does not include y"]),
        ("    alone: [x, y, z]\n    own words: yes\n", ["hard was answered", "hard does not include x"]),
        ("    own words: yes\n", [f"hard does not include {option}" for option in "xyz"] + ["hard was answered"]),
        ("", ["hard includes x", "hard includes y", "hard includes z"]),
        ("", ["hard was asked", "hard was not answered"]),
        ("    not again within: 1 week\n", ["hard was not asked"]),
    ],
)
def test_a_step_that_some_answers_lead_to_is_reached(extra: str, conditions: list[str]) -> None:
    text = f"{HEAD}{ASK}{extra}  then:\n    when: [{', '.join(conditions)}]\n    say: Yes.\n"
    assert loader.check(text).problems == ()


TURNS = "rotate:\n  - choose: {}\n    of: [a, b, c]\nsteps:\n" + "".join(
    f"  {name}:\n    ask: {name}?\n    answer: yes or no\n" for name in "abc"
)


@pytest.mark.parametrize(("choose", "longest"), [(1, 1), (2, 2)])
def test_of_questions_that_take_turns_only_so_many_count(choose: int, longest: int) -> None:
    assert longest_path(loader.load(HEAD + TURNS.format(choose))) == longest


@pytest.mark.parametrize(
    ("conditions", "choose", "reached"),
    [
        (["a was asked", "b was asked"], 1, False),
        (["a was asked", "b was asked"], 2, True),
        (["a is yes", "b is no", "c was asked"], 2, False),
        (["b was not asked", "c was asked"], 1, True),
    ],
)
def test_what_needs_more_answers_than_have_a_turn_is_never_reached(
    conditions: list[str], choose: int, reached: bool
) -> None:
    text = f"{HEAD}{TURNS.format(choose)}  then:\n    when: [{', '.join(conditions)}]\n    say: Yes.\n"
    assert [problem.code for problem in loader.check(text).problems] == ([] if reached else ["MV029"])


LET_IN = "steps:\n  a:\n    topic: work\n    ask: A?\n    answer: text\n" + ASK.removeprefix("steps:\n")


@pytest.mark.parametrize(
    ("extra", "conditions", "reached"),
    [
        ("    topic:\n      x: work\n", ["a was not asked", "hard includes x"], False),
        ("    topic:\n      x: work\n", ["a was asked", "hard includes x"], True),
        ("    topic:\n      x: outside\n", ["a was not asked", "hard includes x"], True),
        ("    topic:\n      x: work\n", ["a was not asked", "hard includes y"], True),
        ("    alone: [y, z]\n    topic:\n      x: work\n", ["a was not asked", "hard was asked"], False),
        ("    alone: [y, z]\n    topic:\n      x: work\n", ["a was not asked", "hard was not asked"], True),
    ],
)
def test_the_same_topic_is_on_or_off_in_the_whole_conversation(
    extra: str, conditions: list[str], reached: bool
) -> None:
    text = f"{HEAD}{LET_IN}{extra}  then:\n    when: [{', '.join(conditions)}]\n    say: Yes.\n"
    assert [problem.code for problem in loader.check(text).problems] == ([] if reached else ["MV029"])


def test_where_topics_rule_each_other_out_the_longest_way_is_that_of_one_of_them() -> None:
    more = "  b:\n    when: a was not asked\n    ask: B?\n    answer: text\n"
    assert longest_path(loader.load(HEAD + LET_IN + more)) == 2


def test_many_topics_do_not_make_many_ways() -> None:
    """Each is decided where it is met first, and forgotten after its last question."""
    asks = "".join(f"  q{n}:\n    topic: t{n}\n    ask: {n}?\n    answer: text\n" for n in range(40))
    walked = ways.walk(loader.load_bundle({"evening": f"{HEAD}steps:\n{asks}"}, "evening"))
    assert walked.exact
    assert walked.longest == 40


def test_what_nobody_asks_about_any_more_is_forgotten() -> None:
    """Twenty questions with a follow-up each: a million ways, but never more than two questions that matter at once."""
    pairs = "".join(
        f"  a{n}:\n    ask: A?\n    answer: yes or no\n  b{n}:\n    when: a{n} is yes\n    ask: B?\n    answer: text\n"
        for n in range(20)
    )
    walked = ways.walk(loader.load_bundle({"evening": f"{HEAD}steps:\n{pairs}"}, "evening"))
    assert walked.exact
    assert walked.longest == 40


def test_where_there_are_too_many_ways_all_questions_are_counted() -> None:
    options = "".join(f"      o{n}: Option {n}\n" for n in range(12))
    looks = "".join(
        f"  l{n}:\n    when: much includes o{n}\n    ask: Is it {n}?\n    answer: text\n" for n in range(11)
    )
    script = loader.load(
        HEAD + f"steps:\n  much:\n    ask: What?\n    answer: any of\n    most: 3\n    options:\n{options}{looks}"
    )
    assert not ways.walk(script).exact
    assert longest_path(script) == 12
    assert reading_time(script) > timedelta(seconds=12 * 4)


# Compared with the engine ---------------------------------------------------------------------------------------------


def inputs(script: Script, session: Session) -> Iterator[engine.Input]:
    step = script.step(session.waiting)
    yield Skip()
    if not isinstance(step, Ask):
        return
    match step.kind:
        case AnswerKind.YES_OR_NO:
            yield from (Answer(choices=(choice,)) for choice in ("yes", "no"))
        case AnswerKind.SCALE:
            yield from (Answer(number=number) for number in range(1, 4))
        case AnswerKind.ANY_OF:
            shown = [option.name for option in engine.options_shown(step, session)]
            names = [name for name in shown if name not in step.alone]
            sizes = range(1, (step.most or len(names)) + 1)
            yield from (Answer(choices=some) for size in sizes for some in combinations(names, size))
            yield from (Answer(choices=(name,)) for name in shown if name in step.alone)
        case _:
            yield Answer(words="words")


def subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    return (some for size in range(len(names) + 1) for some in combinations(names, size))


def held(script: Script) -> Iterator[tuple[Session, int]]:
    """Every conversation there is: its last session, and how many questions it asked."""
    rests = [step.key for step in script.steps if isinstance(step, Ask) and step.rest]
    turns = [key for each in script.rotations for key in each.of]
    on = sorted({topic for step in script.steps for topic in topics_of(step)})
    waiting = [
        engine.start(script, {}, frozenset((*resting, *others)), topics=frozenset(topics))[0]
        for resting in subsets(rests)
        for others in subsets(turns)
        if all(len({*each.of} - {*others}) <= each.choose for each in script.rotations)
        for topics in subsets(on)
    ]
    while waiting:
        session = waiting.pop()
        if session.closed:
            asked = [name for name in session.done if ways.question(script.step(name))]
            yield session, len(asked)
        else:
            waiting.extend(engine.play(script, session, given)[0] for given in inputs(script, session))


ANSWERS = {
    "yes or no": ("", ["is yes", "is no", "is not yes"]),
    "scale 1 to 3": ("", ["is at least 2", "is at most 1", "is 2", "is not 3"]),
    "any of": (
        "    options:\n      x: X\n      y: Y\n      z: Z\n",
        ["includes x", "does not include y", "includes z"],
    ),
    "text": ("", []),
    "ok": ("", []),
}
HIDING = "    topic:\n      x: work\n      y: outside\n"
MOST_HELD = 1_000
"""Conversations of one script; a script that allows more is left to chance to offer another one."""
ENDINGS = ["was answered", "was not answered", "was skipped", "was asked", "was not asked"]


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """Small scripts in which nearly everything depends on something. They are small enough to be read as they are, and
    too slow to be made smaller: every conversation that a script allows is held."""
    lines: list[str] = []
    conditions: list[str] = []
    several: list[str] = []
    turns: list[str] = []
    for number in range(draw(st.integers(2, 5))):
        repeated = draw(st.sampled_from([*several, ""]))
        name, kind = f"q{number}", draw(st.sampled_from(["ok", "text"] if repeated else sorted(ANSWERS)))
        options, tests = ANSWERS[kind]
        guards = [
            (key, draw(st.lists(st.sampled_from(conditions or [""]), max_size=2))) for key in ("when", "when any")
        ]
        lines.append(f"  {name}:\n    ask: What?\n    answer: {kind}\n{options}")
        lines += [f"    {key}: [{', '.join(dict.fromkeys(chosen))}]\n" for key, chosen in guards if any(chosen)]
        if kind == "any of":
            lines.append(draw(st.sampled_from(["", "    most: 2\n", "    alone: z\n"])))
        lines.append(draw(st.sampled_from(["", "", "    topic: work\n", HIDING if kind == "any of" else ""])))
        if repeated:
            lines.append(f"    for each: {repeated}\n")
            continue
        lines.append(draw(st.sampled_from(["", "    not again within: 1 week\n"])))
        conditions += [f"{name} {test}" for test in tests + ENDINGS] if kind != "ok" else []
        several += [name] if kind == "any of" else []
        turns += [name] if kind not in ("ok", "any of") and draw(st.booleans()) else []
    choose = draw(st.integers(1, 2))
    top = f"rotate:\n  - choose: {choose}\n    of: [{', '.join(turns)}]\n" if len(turns) > choose else ""
    return "".join([HEAD, top, "steps:\n", *lines])


@settings(max_examples=150, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(scripts())
def test_the_walk_finds_what_conversations_find(text: str) -> None:
    script = loader.load_bundle({"evening": text}, "evening")
    walked = ways.walk(script)
    sessions = list(islice(held(script), MOST_HELD + 1))
    assume(len(sessions) <= MOST_HELD)
    assert walked.exact
    assert walked.longest == max(count for _, count in sessions)
    assert walked.reached == {name.partition(":")[0] for session, _ in sessions for name in session.done}


def test_own_words_are_one_more_thing_to_ask_about() -> None:
    script = loader.load(EVENING)
    session, _ = engine.start(script, {"before": Answer(number=1)})
    for given_answer in (Answer(number=2), Skip(), Skip(), Answer(choices=("work",), words="More"), Skip(), Skip()):
        session, _ = engine.play(script, session, given_answer)
    assert f"evening/how:{OWN_WORDS}" in session.done
    asked = [name for name in session.done if ways.question(script.step(name))]
    assert longest_path(script) == len(asked) - len({"tea", "walk"}) + 1
