"""What is read from a script that is right. What is refused stands in ``tests/problems``, one file a mistake."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogues import loader
from dialogues.durations import duration, words
from dialogues.model import (
    OWN_WORDS,
    AnswerKind,
    Ask,
    Audience,
    Condition,
    Guard,
    Option,
    Run,
    Say,
    Scale,
    Script,
    Share,
)
from dialogues.model import Test as Comparison
from dialogues.problems import ScriptRefused
from dialogues.reading.grammar import ALL_KEYS, KEYS_OF_ANSWER, RESERVED, RESERVED_OPTIONS, TESTS_OF_ANSWER
from tests.dialogues.steps import steps

FOLDER = Path(__file__).parents[2] / "dialogues" / "scripts"
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
HEAD = "dialogue: evening\nlanguage: en\n"

SITUATION = """
dialogue: situation
language: en
steps:
  job:
    ask: Do you have a job?
    answer: one of
    options:
      yes: Yes, I have
      no: "No"
  since:
    when: job is yes
    ask: Since when?
    answer: date
"""

WHOLE = """
dialogue: evening
title: An evening
language: nb-NO
for: specialist
remind after: 12 hours
close after: 2 weeks
remember:
  last: evening/good
  job: evening/work
steps:
  hello:
    say: Hello {name}.
    tags: greeting
  ready:
    ask: This takes a minute.
    answer: ok
  work:
    ask: Are you at work today?
    answer: yes or no
    label: At work
    not again within: 13 days
  again:
    when:
      - last was answered
      - job is yes
    say: "Last time: {last}"
  sure:
    ask: How sure are you?
    answer: scale 0 to 4
    low: Not sure
    high: Very sure
    label: Sure
    private: yes
  hard:
    when any:
      - sure is at most 1
      - work is no
    ask: What is hard?
    answer: any of
    most: 2
    alone: nothing
    options:
      home: At home
      way: The way to {specialist}
      nothing: Nothing
    own words: yes
    label: Hard
  each_one:
    for each: hard
    ask: How hard is it ({each})?
    answer: number
    label: "How hard: {each}"
    tags: [one, two:three]
  what:
    when: sure was not skipped
    ask: What is it?
    answer: any of
    groups of: hard
    alone: [sleep, fog]
    own words: yes
    options:
      home:
        sleep: Sleep
        money: Money
      way:
        fog: Fog
    label:
      home: Hard at home
      way: Hard on the way
      own words: In my own words
    private: way
  good:
    ask: What is good?
    answer: voice or text
  sharing:
    share: What can {specialist} see?
    offer: [work, sure, hard, each_one, what]
""".replace("    when: sure was not skipped\n", "")


def whole() -> Script:
    return loader.load(WHOLE)


def test_the_top_of_a_script() -> None:
    script = whole()
    assert (script.dialogue, script.title, script.language) == ("evening", "An evening", "nb-NO")
    assert script.audience is Audience.SPECIALIST
    assert (script.remind_after, script.close_after) == (timedelta(hours=12), timedelta(weeks=2))
    assert script.remember == {"last": "evening/good", "job": "evening/work"}
    assert script.source == WHOLE
    assert [step.key.partition("/")[2] for step in script.steps] == [
        "hello",
        "ready",
        "work",
        "again",
        "sure",
        "hard",
        "each_one",
        "what",
        "good",
        "sharing",
    ]


def test_say_and_share() -> None:
    script = whole()
    assert script.by_key["evening/hello"] == Say(key="evening/hello", text="Hello {name}.", tags=("greeting",), line=12)
    share = script.by_key["evening/sharing"]
    assert isinstance(share, Share)
    assert share.offer == ("evening/work", "evening/sure", "evening/hard", "evening/each_one", "evening/what")


def test_questions_of_every_kind() -> None:
    kinds = {step.key.partition("/")[2]: step.kind for step in whole().steps if isinstance(step, Ask)}
    assert kinds == {
        "ready": AnswerKind.OK,
        "work": AnswerKind.YES_OR_NO,
        "sure": AnswerKind.SCALE,
        "hard": AnswerKind.ANY_OF,
        "each_one": AnswerKind.NUMBER,
        "what": AnswerKind.ANY_OF,
        "good": AnswerKind.VOICE_OR_TEXT,
    }


def ask(name: str) -> Ask:
    step = whole().by_key[f"evening/{name}"]
    assert isinstance(step, Ask)
    return step


def test_a_question_with_options() -> None:
    hard = ask("hard")
    assert hard.options == (
        Option("home", "At home", line=44),
        Option("way", "The way to {specialist}", line=45),
        Option("nothing", "Nothing", line=46),
    )
    assert WHOLE.split("\n")[43].strip() == "home: At home"
    assert (hard.most, hard.alone, hard.own_words) == (2, frozenset({"nothing"}), True)
    assert hard.guards == (
        Guard(
            any=(
                Condition("evening/sure", Comparison.AT_MOST, 1.0),
                Condition("evening/work", Comparison.IS, "no"),
            )
        ),
    )


def test_a_question_with_groups() -> None:
    what = ask("what")
    assert what.groups_of == "evening/hard"
    assert [(option.name, option.group) for option in what.options] == [
        ("sleep", "home"),
        ("money", "home"),
        ("fog", "way"),
    ]
    assert what.group_labels == {"home": "Hard at home", "way": "Hard on the way", OWN_WORDS: "In my own words"}
    assert (what.label, what.private, what.private_groups) == ("", False, frozenset({"way"}))
    assert what.alone == {"sleep", "fog"}


def test_a_group_called_no_can_be_private() -> None:
    named = {
        "home:\n        sleep": "no:\n        sleep",
        "home: Hard at": "no: Hard at",
        "home: At home": "no: At home",
    }
    source = WHOLE.replace("private: way", "private: no")
    for before, after in named.items():
        source = source.replace(before, after)
    what = loader.load(source).by_key["evening/what"]
    assert isinstance(what, Ask)
    assert (what.private, what.private_groups) == (False, frozenset({"no"}))


def test_a_scale_a_rest_and_a_repeated_question() -> None:
    assert ask("sure").scale == Scale(0, 4, (), "Not sure", "Very sure")
    assert ask("sure").private
    assert ask("work").rest == timedelta(days=13)
    assert ask("each_one").for_each == "evening/hard"
    assert ask("each_one").tags == ("one", "two:three")


def test_conditions_about_what_is_remembered_keep_their_local_name() -> None:
    (guard,) = whole().by_key["evening/again"].guards
    assert guard.every == (
        Condition("last", Comparison.WAS_ANSWERED),
        Condition("job", Comparison.IS, "yes"),
    )


def test_words_of_yaml_stay_words() -> None:
    text = HEAD + (
        "steps:\n  time:\n    ask: 9:00\n    answer: one of\n    options:\n"
        "      yes: 1\n      no: null\n      on: 0x10\n      off: 1.0\n      1st: 2024-01-01\n      y: ~\n"
    )
    (step,) = loader.load(text).steps
    assert isinstance(step, Ask)
    assert step.text == "9:00"
    assert {option.name: option.text for option in step.options} == {
        "yes": "1",
        "no": "null",
        "on": "0x10",
        "off": "1.0",
        "1st": "2024-01-01",
        "y": "~",
    }


def test_a_text_keeps_its_lines_and_loses_its_edges() -> None:
    say = "steps:\n  hello:\n    say: |\n\n      One.  \n        Two.\n\n      Three.\n\n"
    assert loader.load(HEAD + say).steps[0].text == "One.\n  Two.\n\nThree."
    assert loader.load(HEAD + "steps:\n  hello:\n    say: >\n      One\n      two.\n").steps[0].text == "One two."


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "\r"), ("dialogue", "\ufeffdialogue")])
def test_a_file_from_another_editor_reads_the_same(change: tuple[str, str]) -> None:
    text = HEAD + "steps:\n  hello:\n    say: |\n      One.\n      Two.\n"
    assert loader.load(text.replace(*change, 1 if "dialogue" in change else -1)).steps == loader.load(text).steps
    assert loader.load(text.replace(*change, 1 if "dialogue" in change else -1).encode()).steps


# Other dialogues ------------------------------------------------------------------------------------------------------

OUTER = HEAD + (
    "steps:\n  ready:\n    ask: Shall we?\n    answer: yes or no\n"
    "  now:\n    when: ready is yes\n    run: situation\n  bye:\n    say: Bye.\n"
)
READY = Guard(every=(Condition("evening/ready", Comparison.IS, "yes"),))


def test_the_steps_of_a_dialogue_that_is_run_stand_in_its_place_under_its_condition() -> None:
    script = loader.load(OUTER, {"situation": SITUATION})
    assert [step.key for step in script.steps] == ["evening/ready", "situation/job", "situation/since", "evening/bye"]
    assert script.by_key["situation/job"].guards == (READY,)
    inner = Guard(every=(Condition("situation/job", Comparison.IS, "yes"),))
    assert script.by_key["situation/since"].guards == (READY, inner)
    assert script.runs == (Run("evening/now", "situation", 7),)
    assert script.source == OUTER


def test_what_a_dialogue_that_is_run_remembers_is_remembered() -> None:
    inner = "dialogue: inner\nlanguage: en\nremember:\n  before: inner/how\n" + (
        "steps:\n  how:\n    ask: How?\n    answer: text\n"
        "  again:\n    when: before was answered\n    say: '{before}'\n"
    )
    outer = HEAD + "steps:\n  now:\n    run: inner\n"
    assert loader.load(outer, {"inner": inner}).remember == {"before": "inner/how"}


def test_two_dialogues_may_remember_the_same_under_one_name() -> None:
    remember = "remember:\n  before: situation/job\n"
    steps = "  again:\n    when: before is yes\n    say: Welcome back.\n"
    inner = f"dialogue: inner\nlanguage: en\n{remember}steps:\n{steps}"
    outer = f"{HEAD}{remember}steps:\n{steps}  now:\n    run: inner\n"
    assert loader.load(outer, {"inner": inner, "situation": SITUATION}).remember == {"before": "situation/job"}


def test_a_script_may_remember_itself_and_two_may_remember_each_other() -> None:
    def remembering(name: str, other: str) -> str:
        return (
            f"dialogue: {name}\nlanguage: en\nremember:\n  before: {other}/how\n"
            "steps:\n  how:\n    ask: How?\n    answer: text\n  again:\n    when: before was answered\n    say: Hi.\n"
        )

    library = {"one": remembering("one", "two"), "two": remembering("two", "one")}
    assert loader.load(library["one"], library).remember == {"before": "two/how"}
    assert loader.load(remembering("one", "one")).remember == {"before": "one/how"}


def test_a_bundle_holds_what_a_version_needs() -> None:
    library = {
        "whole": steps("part:\n  run: inner").replace("steps:", "remember:\n  last: far/far\nsteps:"),
        "inner": steps("inner:\n  ask: Inner?\n  answer: text", "inner"),
        "far": steps("far:\n  ask: Far?\n  answer: text", "far"),
        "unrelated": steps("hello:\n  say: Hello.", "unrelated"),
    }
    assert set(loader.bundle("whole", library)) == {"whole", "inner", "far"}
    assert set(loader.bundle("inner", library)) == {"inner"}
    with pytest.raises(KeyError):
        loader.bundle("who", library)


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_shipped_script_is_right_and_plays_the_same_from_its_bundle(name: str) -> None:
    assert loader.check(SOURCES[name], file=f"{name}.yaml", library=SOURCES).problems == ()
    assert loader.load_bundle(loader.bundle(name, SOURCES), name) == loader.load(SOURCES[name], SOURCES)


def test_a_published_script_goes_on_when_rules_became_stricter() -> None:
    long = (
        HEAD
        + f"steps:\n  hello:\n    say: {'long ' * 200}\n  how:\n    ask: How?\n    answer: text\n    private: yes\n"
    )
    assert {problem.code for problem in loader.check(long).problems} == {"MV018", "MV039"}
    assert len(loader.load_bundle({"evening": long}, "evening").steps) == 2


def test_a_published_script_plays_without_the_dialogue_it_remembers_from() -> None:
    text = HEAD + (
        "remember:\n  job: situation/job\n  sure: other/sure\nsteps:\n"
        "  a:\n    when: job is yes\n    say: A.\n  b:\n    when: sure is at most 2\n    say: B.\n"
    )
    guards = [step.guards[0].every[0] for step in loader.load_bundle({"evening": text}, "evening").steps]
    assert guards == [Condition("job", Comparison.IS, "yes"), Condition("sure", Comparison.AT_MOST, 2.0)]


def test_a_published_script_that_cannot_be_played_is_refused() -> None:
    with pytest.raises(ScriptRefused):
        loader.load_bundle({"evening": OUTER}, "evening")
    with pytest.raises(KeyError):
        loader.load_bundle({"evening": OUTER}, "morning")


def test_the_text_that_is_checked_stands_in_for_the_one_in_the_folder() -> None:
    text = (
        HEAD
        + "remember:\n  new: evening/new\nsteps:\n  new:\n    ask: New?\n    answer: text\n"
        + ("  again:\n    when: new_before was answered\n    say: Hi.\n")
    )
    text = text.replace("  new: evening", "  new_before: evening")
    assert loader.check(text, library={"evening": HEAD + "steps:\n  old:\n    say: Old.\n"}).problems == ()


def test_a_folder_has_one_language() -> None:
    text = HEAD + "steps:\n  hello:\n    say: Hello.\n"
    nepali = text.replace("language: en", "language: ne")
    (found,) = loader.check(nepali, library={"situation": SITUATION, "evening": nepali}).problems
    assert (found.code, found.line, found.column) == ("MV047", 2, 11)
    assert loader.check(nepali, library={"evening": text}).problems == ()
    assert loader.check(text, library={"situation": SITUATION, "morning": nepali}).problems == ()


# The grammar ----------------------------------------------------------------------------------------------------------


def test_every_kind_of_answer_has_its_keys_and_every_test_a_kind() -> None:
    assert set(KEYS_OF_ANSWER) == set(AnswerKind)
    compared = {test for tests in TESTS_OF_ANSWER.values() for test in tests}
    assert compared == {test for test in Comparison if test.value.startswith(("is", "includes", "does"))}


def test_no_key_of_the_format_can_be_a_name() -> None:
    assert ALL_KEYS <= RESERVED
    assert ALL_KEYS <= RESERVED_OPTIONS
    for key in sorted(ALL_KEYS):
        options = f"    options:\n      a: A\n      b: B\n      {key}: C\n"
        text = f"{HEAD}steps:\n  how:\n    ask: How?\n    answer: one of\n{options}"
        assert [problem.code for problem in loader.check(text).problems] == ["MV017"]


@pytest.mark.parametrize(
    ("text", "length"),
    [("1 hour", 1), ("2 hours", 2), ("1 day", 24), ("3 days", 72), ("1 week", 168), ("2 weeks", 336), ("36 hours", 36)],
)
def test_a_length_of_time_reads_as_it_is_written(text: str, length: int) -> None:
    assert duration(text) == timedelta(hours=length)
    assert duration(words(timedelta(hours=length))) == timedelta(hours=length)


@pytest.mark.parametrize(
    "text", ["", "day", "1", "1 days", "2 day", "0 days", "-1 day", "1.5 days", "1 month", "1  day"]
)
def test_what_is_no_length_of_time(text: str) -> None:
    assert duration(text) is None


# Whatever is done to a script ----------------------------------------------------------------------------------------

LINES = [line for source in (*SOURCES.values(), WHOLE) for line in source.split("\n")]


@given(
    st.sampled_from([*SOURCES.values(), WHOLE]),
    st.lists(
        st.tuples(
            st.sampled_from(["drop", "double", "swap", "indent", "outdent", "put", "cut"]),
            st.integers(0, 400),
            st.sampled_from(LINES),
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_a_damaged_script_is_read_or_refused_but_nothing_breaks(
    source: str, damages: list[tuple[str, int, str]]
) -> None:
    lines = source.split("\n")
    for what, where, other in damages:
        place = where % len(lines)
        match what:
            case "drop":
                lines[place : place + 1] = [] if len(lines) > 1 else [""]
            case "double":
                lines.insert(place, lines[place])
            case "swap":
                lines[place - 1], lines[place] = lines[place], lines[place - 1]
            case "indent":
                lines[place] = "  " + lines[place]
            case "outdent":
                lines[place] = lines[place].removeprefix("  ")
            case "put":
                lines[place] = other
            case "cut":
                lines[place] = lines[place][: where % (len(lines[place]) + 1)]
    checked = loader.check("\n".join(lines), file="evening.yaml", library=SOURCES)
    assert (checked.script is None) == bool(checked.problems)
    last = len(lines) + 1
    assert all(1 <= problem.line <= last and problem.column >= 1 and problem.message for problem in checked.problems)
