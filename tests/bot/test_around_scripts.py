"""What is found around a script: in its words, and between it and the programme. Every page's example is true."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.placing import placed
from bot.plain import avoid, common, measures
from bot.plain.remarks import remarks
from bot.programme import Programme, read_programme
from bot.publishing import read_folder
from dialogues import loader
from dialogues.catalogue import AROUND
from dialogues.problems import Problem

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "problems"
TOP = (Path(__file__).parent / "around_programme.yaml").read_text(encoding="utf-8")


def programme(more: str = "") -> Programme:
    return read_programme(TOP + more, date(2026, 6, 1))


def blocks(page: str, heading: str) -> list[tuple[str, str]]:
    """The code blocks under a heading, with what stands beside their fence."""
    part = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert part is not None
    return re.findall(r"^```(.+?)\n(.*?)^```$", part[1], re.MULTILINE | re.DOTALL)


def found(*shown: tuple[str, str]) -> list[Problem]:
    """What is found in the first block, which is a script, with the second, which is a part of a programme."""
    script = loader.load(shown[0][1])
    if len(shown) == 1:
        return list(remarks(script))
    return list(placed(programme(shown[1][1]), {script.dialogue: script}, "programme.yaml"))


@pytest.mark.parametrize("code", sorted(AROUND))
def test_the_example_of_a_page_is_wrong_and_mended(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    *wrong, (_, said) = blocks(page, "Wrong")
    assert "".join(f"{each}\n" for each in found(*wrong)) == said
    assert {each.code for each in found(*wrong)} == {code}
    assert found(*blocks(page, "Mended")) == []


# Words ----------------------------------------------------------------------------------------------------------------


def script(text: str, language: str = "en", more: str = "") -> str:
    return (
        f"dialogue: evening\nlanguage: {language}\nsteps:\n  day:\n    ask: |\n      {text}\n    answer: text\n{more}"
    )


def codes(text: str, language: str = "en") -> list[str]:
    return [each.code for each in remarks(loader.load(script(text, language)))]


@pytest.mark.parametrize(
    ("language", "text", "code"),
    [
        ("en", "Remember to answer.", "MV080"),
        ("en", "REQUIRED", "MV080"),
        ("en", "Well done.", "MV080"),
        ("en", "Was the task clear?", "MV080"),
        ("en", "Were you unmotivated?", "MV081"),
        ("en", "A hard-to-place person", "MV081"),
        ("nb", "Du må svare.", "MV080"),
        ("nb", "Bra jobbet.", "MV080"),
        ("nb", "Er du umotivert?", "MV081"),
        ("nb", "Vennligst svar.", "MV088"),
        ("da", "Husk at svare.", "MV080"),
        ("da", "Godt klaret.", "MV080"),
        ("da", "Var du ikke parat?", "MV081"),
        ("sv", "Kom ihåg att svara.", "MV080"),
        ("ar", "يجب الرد", "MV080"),
        ("ar", "ويجب الرد", "MV080"),
        ("ar", "أحسنت", "MV080"),
        ("ar", "هل أنتِ هنا؟", "MV089"),
        ("uk", "Ви повинні відповісти.", "MV080"),
        ("uk", "Це обов’язково.", "MV080"),
        ("uk", "Молодець.", "MV080"),
        ("en", "How nice!", "MV082"),
        ("ar", "أهلا！", "MV082"),
    ],
)
def test_a_word_that_has_no_place_is_found(language: str, text: str, code: str) -> None:
    assert codes(text, language) == [code]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Mustard is good."),
        ("en", "You do not need to explain."),
        ("en", "What helps in that case?"),
        ("en", "How are late shifts for you?"),
        ("nb", "Vet du hva du skal gjøre?"),
        ("nb", "Hva bruker du mest?"),
        ("nb", "Hva er du flink til?"),
        ("sv", "Dina uppgifter är säkra."),
        ("uk", "Що ви маєте з собою?"),
        ("uk", "Що вам потрібно?"),
        ("en", "Do you want to keep going?"),
        ("da", "Du må gerne springe over."),
        ("uk", "Вам не обов’язково відповідати."),
        ("uk", "Це не обов'язково."),
        ("fi", "Sinun täytyy vastata."),
    ],
)
def test_a_word_that_only_looks_like_it_is_left_alone(language: str, text: str) -> None:
    assert codes(text, language) == []


@pytest.mark.parametrize("language", avoid.languages())
def test_every_language_has_words_of_duty_reward_and_judgement(language: str) -> None:
    listed = avoid.listed(language)
    assert {"duty", "reward", "judgement"} <= set(listed) <= {*avoid.KINDS, "fine"}
    for kind in set(listed) - {"fine"}:
        for phrase in listed[kind]:
            assert avoid.found_in(f"… {phrase.removesuffix('*')} …", language, [kind]), (kind, phrase)
    assert {"en", "nb", "da", "ar", "uk"} <= set(avoid.languages())


def test_the_remark_stands_at_its_option_and_names_the_word() -> None:
    text = script(
        "What helps?", more="  more:\n    ask: More?\n    answer: one of\n    options:\n      a: Homework\n      b: B\n"
    )
    (remark,) = remarks(loader.load(text), "evening.yaml")
    assert str(remark) == ('evening.yaml:12:1  MV080  "homework" is a word of duty or reward. Say what people can do.')


def test_a_sentence_may_have_eighteen_words_and_a_question_twelve() -> None:
    assert codes("A " + "b " * 16 + "c.") == []
    assert codes("A " + "b " * 17 + "c.") == ["MV083"]
    assert codes("A " + "b " * 10 + "c?") == []
    assert codes("A " + "b " * 11 + "c?") == ["MV085"]
    assert codes("A " + "b " * 11 + "c?", "pl") == []
    assert codes("A " + "b " * 18 + "c.", "pl") == []
    assert codes("A " + "b " * 19 + "c.", "pl") == ["MV083"]


def test_what_is_filled_in_counts_as_one_word() -> None:
    assert measures.words("Hello {name}, it's half-past {specialist}.") == [
        "Hello",
        "name",
        "it's",
        "half-past",
        "name",
    ]
    assert measures.sentences("One. Two?\nThree") == ["One.", "Two?", "Three"]


def test_lix_is_words_a_sentence_plus_the_share_of_long_words() -> None:
    assert measures.lix(["En to tre. Fire fem."]) == 2.5
    assert measures.lix(["Arbeidsgiver og jeg."]) == pytest.approx(3 + 100 / 3)
    assert measures.lix([]) == measures.mean_length([]) == 0.0


@pytest.mark.parametrize(
    "word",
    [
        "asks",
        "asked",
        "asking",
        "tries",
        "tried",
        "stopped",
        "making",
        "easily",
        "Nobody's",
        "don’t",
        "check-in",
        "112",
    ],
)
def test_a_form_of_a_common_word_is_common(word: str) -> None:
    assert common.is_common(word)


@pytest.mark.parametrize("word", ["scrutinise", "remuneration", "endeavour", "henceforth", "café-owner"])
def test_other_words_are_not(word: str) -> None:
    assert not common.is_common(word)


def test_the_share_of_common_words_is_of_all_words() -> None:
    assert common.share(["You can ask.", "Remuneration"]) == 0.75
    assert common.uncommon(["Remuneration. You can ask. Remuneration"]) == ("remuneration",)
    assert common.share([]) == 1.0


# Publishing -----------------------------------------------------------------------------------------------------------


def test_a_word_of_duty_keeps_a_script_from_being_published_and_advice_does_not(tmp_path: Path) -> None:
    (tmp_path / "evening.yaml").write_text(script("You must answer!"), encoding="utf-8")
    checked = read_folder(tmp_path)
    assert [(one.code, one.file) for one in checked.problems] == [("MV080", "evening.yaml")]
    assert [(one.code, one.file) for one in checked.advice] == [("MV082", "evening.yaml")]
    alone = checked.only("evening")
    assert (alone.problems, alone.advice) == (checked.problems, checked.advice)
    assert checked.only("other").problems == checked.only("other").advice == ()


# Programme ------------------------------------------------------------------------------------------------------------

HELP = """
dialogue: {name}
language: en
steps:
  help:
    ask: Help?
    answer: any of
    options:
      letters: Letters
      {option}: Something
      no: "No"
    alone: no
    tags: asks:help
"""
CARD = "role card:\n  does: [letters, money]\n"


def around(card: str, **scripts: str) -> list[str]:
    loaded = {name: loader.load(text, scripts) for name, text in scripts.items()}
    return [str(each) for each in placed(programme(card), loaded, "programme.yaml")]


def test_a_slip_in_the_role_card_is_seen_from_both_sides() -> None:
    wishes = HELP.format(name="wishes", option="money")
    assert around(CARD, wishes=wishes) == []
    assert around(CARD.replace("money", "mony"), wishes=wishes) == [
        'wishes.yaml:10:1  MV070  The role card does not say whose "money" is. Did you mean "mony"?',
        'programme.yaml:17:1  MV071  No question about help has an option "mony". Did you mean "money"?',
    ]


def test_each_dialogue_is_looked_at_once_and_in_its_own_file() -> None:
    wishes = HELP.format(name="wishes", option="home")
    runs = "dialogue: weekly\nlanguage: en\nsteps:\n  more:\n    run: wishes\n"
    told = around("role card:\n  does: [letters]\n", wishes=wishes, weekly=runs)
    assert [line.partition(":")[0] for line in told] == ["wishes.yaml"]


def test_without_a_role_card_or_a_question_about_help_nothing_is_compared() -> None:
    assert around("", wishes=HELP.format(name="wishes", option="home")) == []
    assert around(CARD, evening=script("How was it?")) == []


def test_participants_are_not_asked_what_is_for_specialists() -> None:
    own = script("How was it?").replace("language: en", "language: en\nfor: specialist")
    assert around("pulse: evening\n", evening=own) == [
        'evening.yaml:1:1  MV072  The programme needs "evening" for participants, and it is for specialists. '
        "Name another dialogue, or correct the script."
    ]
    assert around("own check-in: evening\n", evening=own) == []
