"""The page about the format lists what the code knows, and its examples are scripts."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

import pytest

from dialogues import loader, meanings, timing
from dialogues.meanings import MEANINGS, NO_TOPICS, TOPICS
from dialogues.model import AnswerKind
from dialogues.model import Test as Comparison
from dialogues.problems import CATALOGUE
from dialogues.reading import grammar, signs
from dialogues.reading.grammar import TAG

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scripts.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PREFIX = r"^## {}\n(.*?)(?=^## |\Z)"


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    part = re.search(PREFIX.format(re.escape(heading)), PAGE, re.MULTILINE | re.DOTALL)
    assert part is not None, f"docs/scripts.md has no heading {heading}"
    table = re.search(r"^\|.*\n\|[-|]+\n((?:\|.*\n)+)", part[1], re.MULTILINE)
    assert table is not None, f"there is no table under {heading}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[1].strip().split("\n")]


def words(heading: str) -> list[str]:
    """What stands in the first column, without its marks."""
    return [row[0].strip("`") for row in rows(heading)]


def test_the_keys_of_the_top_are_listed() -> None:
    assert words("The top of a script") == list(grammar.TOP_KEYS)
    assert [row[0] for row in rows("The top of a script") if row[1] == "needed"] == [
        "`dialogue`",
        "`language`",
        "`steps`",
    ]


def test_the_keys_of_steps_are_listed_with_what_they_belong_to() -> None:
    assert set(words("Steps")) == set(grammar.STEP_KEYS)
    assert len(words("Steps")) == len(grammar.STEP_KEYS)
    for key, where, _ in rows("Steps")[len(grammar.STEP_KINDS) :]:
        named = set(grammar.STEP_KINDS) if where == "all" else {word.strip() for word in where.split(",")}
        kinds = {step for step, keys in grammar.KEYS_OF_STEP.items() if key.strip("`") in keys}
        answers = {kind for kind, keys in grammar.KEYS_OF_ANSWER.items() if key.strip("`") in keys}
        kinds |= {"ask"} if len(answers) >= len(AnswerKind) - 1 else {kind.value for kind in answers}
        assert named == kinds, key


def test_the_kinds_of_answer_are_listed() -> None:
    assert [word.replace("scale 1 to 5", "scale") for word in words("Questions")] == [kind.value for kind in AnswerKind]


def test_the_tests_are_listed_with_the_answers_they_fit() -> None:
    assert words("Conditions") == [test.value for test in Comparison]
    for test, fits, _ in rows("Conditions"):
        kinds = {kind.value for kind, tests in grammar.TESTS_OF_ANSWER.items() if test.strip("`") in tests}
        assert {word.strip() for word in fits.split(",")} == (kinds or {"all"}), test


def test_the_placeholders_are_listed() -> None:
    assert words("Placeholders") == [f"{{{name}}}" for name in (*grammar.FILLED_IN, "step")]


def names(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


def test_the_tags_with_a_meaning_are_listed_with_what_their_answers_are() -> None:
    listed = {
        tag.strip("`"): ([kind.strip() for kind in kinds.split(",")], names(options))
        for tag, kinds, options, _ in rows("Tags with a meaning")
    }
    assert listed == {
        tag: ([kind.value for kind in meaning.kinds], meaning.options)
        for tag, meaning in MEANINGS.items()
        if tag not in timing.OPTIONS
    }
    own = [row[0].strip("`") for row in rows("Tags with a meaning") if row[2] == "your own"]
    assert own == [TOPICS, NO_TOPICS]


def test_the_options_of_times_are_listed() -> None:
    listed = {tag.strip("`"): options for tag, _, options in rows("When check-ins come")}
    assert list(listed) == list(timing.OPTIONS)
    for tag, options in timing.OPTIONS.items():
        said = listed[tag]
        days = timing.WEEKDAYS if "`monday` to `sunday`" in said else ()
        assert {*names(said), *days} >= {*options}, tag


def test_every_tag_that_anything_is_done_with_is_named() -> None:
    constants = {value for value in vars(meanings).values() if isinstance(value, str) and TAG.fullmatch(value)}
    tags = {value for value in constants if ":" in value and not value.endswith(":")}
    assert len(tags) > 40
    assert {tag for tag in tags if f"`{tag}`" not in PAGE} == set()


def test_the_limits_are_those_of_the_code() -> None:
    said = {row[0]: row[1] for row in rows("Limits")}
    assert said == {
        "questions on the longest way through (without `ok`)": str(grammar.MOST_QUESTIONS),
        "what is said or asked at once": f"{grammar.LONGEST_TEXT} signs",
        "an option, a point, a label, the title": f"{grammar.LONGEST_SHORT_TEXT} signs",
        "steps": str(grammar.MOST_STEPS),
        "options in a question": str(grammar.MOST_OPTIONS),
        "points on a scale": str(grammar.MOST_POINTS),
        "a name": "60 signs",
        "the file": f"{signs.LARGEST // 1024} KiB",
    }
    assert grammar.NAME.fullmatch("a" * 60)
    assert not grammar.NAME.fullmatch("a" * 61)


def test_the_codes_that_are_named_are_in_the_catalogue() -> None:
    named = set(re.findall(r"MV\d{3}", PAGE))
    assert named <= set(CATALOGUE)
    assert len(named) > 5


def test_reserved_words_are_named() -> None:
    part = re.search(PREFIX.format("Names"), PAGE, re.MULTILINE | re.DOTALL)
    assert part is not None
    assert all(f"`{word}`" in part[1] for word in grammar.RESERVED - grammar.ALL_KEYS)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_is_a_script_or_fits_into_the_first_one(number: int) -> None:
    example = EXAMPLES[number]
    whole = example if example.startswith("dialogue:") else EXAMPLES[0] + "\n" + indent(example, "  ")
    assert loader.check(whole).problems == ()


def test_links_lead_somewhere() -> None:
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.*)$", PAGE, re.M)
    }
    for link in re.findall(r"\]\(([^)]+)\)", PAGE):
        path, _, anchor = link.partition("#")
        assert (ROOT / "docs" / path).exists() if path else anchor in anchors, link


SLIPS = {
    "{name}. This": "{nam}. This",
    "when: sure": "when: suer",
    "alone: nothing": "alone: nothin",
    "goodbye": "hello",
}


def test_the_messages_that_are_shown_are_those_that_are_given() -> None:
    damaged = EXAMPLES[0]
    for right, wrong in SLIPS.items():
        damaged = damaged.replace(right, wrong)
    shown = re.findall(r"^after_work\.yaml:.*$", PAGE, re.MULTILINE)
    assert shown == [str(problem) for problem in loader.check(damaged, file="after_work.yaml").problems]
