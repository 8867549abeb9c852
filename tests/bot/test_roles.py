"""Roles: a topic belongs to somebody, and people are told who in reviewed words of their own language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from bot.config import EXAMPLE, SCRIPTS
from bot.programme import load_programme
from bot.roles import (
    KINDS,
    REPLIES,
    Elsewhere,
    RoleCard,
    does,
    elsewhere,
    help_topics,
    reply_text,
    role_parts,
    topic_words,
)
from bot.wording import WORDING
from dialogues import loader
from dialogues.texts import texts_of

UI: Mapping[str, str] = {context: text for context, text in WORDING.items() if isinstance(text, str)}
NAV = Elsewhere("nav", "NAV Grünerløkka", "benefits_office", "55 55 33 33", ("money", "letters"))
FRIENDS = Elsewhere("friends", "Kirkens Bymisjon", "other", "", ("home",))
CARD = RoleCard(does=("find_jobs",), together=("interview",), instead=(NAV, FRIENDS))
TOPICS = {
    "find_jobs": "Finding jobs",
    "interview": "Interview",
    "money": "A money question",
    "letters": "Letters from offices",
}
SCRIPT = """
dialogue: wishes
language: en
steps:
  help:
    ask: Do you want help?
    answer: any of
    options:
      letters: Letters from offices
      home: Something at home
      no: "No"
    alone: no
    own words: yes
    tags: asks:help
  good:
    ask: What was good?
    answer: any of
    options:
      rest: Rest
      food: Food
"""


def plain(text: str) -> str:
    """Without the marks that keep the direction of what was filled in."""
    return text.replace("\u2068", "").replace("\u2069", "")


def test_a_topic_is_the_specialists_alone_or_together_or_somebody_elses() -> None:
    assert [topic for topic in (*TOPICS, "home", "unknown") if does(CARD, topic)] == ["find_jobs", "interview"]
    assert elsewhere(CARD, "letters") is NAV
    assert elsewhere(CARD, "home") is FRIENDS
    assert elsewhere(CARD, "find_jobs") is None
    assert elsewhere(CARD, "unknown") is None
    assert CARD.topics == ("find_jobs", "interview", "money", "letters", "home")


def test_the_card_is_read_in_the_words_of_the_person() -> None:
    parts = role_parts(CARD, texts=UI, specialist="Anna", topics=TOPICS)
    assert [(plain(part.heading), [plain(item) for item in part.items]) for part in parts] == [
        ("Anna can do this for you:", ["Finding jobs"]),
        ("You and Anna can do this together:", ["Interview"]),
        (
            "Anna does not do this. Someone else does:",
            ["A money question, Letters from offices: NAV Grünerløkka (benefits office), telephone 55 55 33 33"],
        ),
    ]


def test_a_part_without_a_topic_that_has_words_is_left_out() -> None:
    parts = role_parts(CARD, texts=UI, specialist="Anna", topics={"find_jobs": "Finding jobs"})
    assert [plain(part.heading) for part in parts] == ["Anna can do this for you:"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_around_its_name(kind: str) -> None:
    said = plain(Elsewhere("one", "The Name", kind, "", ()).text(UI))
    assert said == "The Name" if kind == "other" else said.startswith("The Name (")


def test_a_number_stays_in_its_own_direction() -> None:
    assert "\u206855 55 33 33\u2069" in NAV.text(UI)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("yes", "Anna says: yes, I do this."),
        ("together", "Anna says: we do this together."),
        ("try", "Anna asks: can you try it first? Anna helps you with it."),
        ("talk_first", "Anna wants to talk with you about it first."),
        ("not_my_role", "Anna does not do this. You can talk about who does."),
        ("seen", "Anna has read this."),
    ],
)
def test_a_reply_says_what_it_is_about_and_what_comes_of_it(code: str, said: str) -> None:
    text = reply_text(code, texts=UI, specialist="Anna", topic_text="Letters from offices", who="")
    assert plain(text) == f"About: Letters from offices\n{said}"


def test_not_my_role_names_who_does_it() -> None:
    text = reply_text("not_my_role", texts=UI, specialist="Anna", topic_text="Letters", who=NAV.text(UI))
    assert plain(text).endswith(
        "Anna does not do this. This is who can help: NAV Grünerløkka (benefits office), telephone 55 55 33 33"
    )


def test_every_reply_has_words_and_no_other_is_known() -> None:
    assert all(reply_text(code, texts=UI, specialist="A", topic_text="B", who="C") for code in REPLIES)
    with pytest.raises(KeyError):
        reply_text("later", texts=UI, specialist="A", topic_text="B", who="")


def test_topics_are_the_options_of_questions_about_help_that_ask_for_something() -> None:
    script = loader.load(SCRIPT)
    assert [option.name for _, option in help_topics(script)] == ["letters", "home"]
    texts = {text.context: text.text for text in texts_of(script)}
    assert topic_words([(script, texts)]) == {"letters": "Letters from offices", "home": "Something at home"}


def test_the_first_script_words_a_topic() -> None:
    first, second = loader.load(SCRIPT), loader.load(SCRIPT.replace("Letters from offices", "Post"))
    both = [(each, {text.context: text.text for text in texts_of(each)}) for each in (first, second)]
    assert topic_words(both)["letters"] == "Letters from offices"


def test_the_demo_says_of_every_topic_whose_it_is() -> None:
    card = load_programme(EXAMPLE, date(2026, 6, 1)).role_card
    assert card is not None
    sources = {path.stem: path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.yaml")}
    scripts = [loader.load(text, sources) for text in sources.values()]
    assert {option.name for script in scripts for _, option in help_topics(script)} == set(card.topics)
