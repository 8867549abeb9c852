"""Webs: what makes things harder, and the lines that only the person draws."""

from __future__ import annotations

from bot import past_answers
from bot.webs import Web, web_of
from dialogues import meanings
from tests.bot.digest_samples import shared
from tests.bot.picture_samples import MONDAY, PUBLISHED, given, line


def lines(web: Web) -> dict[str, list[str]]:
    """What each point makes harder, by name."""
    return {name: list(point.harder) for name, point in web.points.items()}


def test_without_answers_there_is_no_point() -> None:
    assert web_of([given("week", point=1), given("remark", words="Noise")]).points == {}


def test_a_point_stands_where_it_was_put() -> None:
    web = web_of(
        [
            given("what", "noise"),
            given("where", "work"),
            given("what", "sleep", visit=2),
            given("where", "outside", visit=2),
            given("what", "letters", visit=3),
            given("where", "way", visit=3),
            given("what", words="The long stairs", visit=4),
        ]
    )
    assert {name: point.half for name, point in web.points.items()} == {
        "noise": "work",
        "sleep": "away",
        "letters": "several",
        "the long stairs": "several",
    }


def test_a_line_is_there_only_where_it_was_drawn_and_names_its_other_end() -> None:
    web = web_of([given("what", "noise"), given("also", "sleep", words="My  back"), given("what", "letters", visit=2)])
    assert lines(web) == {"noise": ["sleep", "my back"], "sleep": [], "my back": [], "letters": []}
    assert web.points["my back"].what.answer.words == "My back"
    assert web.points["sleep"].what.name == "talk/also"


def test_nothing_makes_itself_harder_and_nothing_is_no_point() -> None:
    web = web_of([given("what", "noise"), given("also", "noise"), given("what", "nothing", visit=2)])
    assert lines(web) == {"noise": []}


def test_a_later_visit_changes_what_it_says_anew_and_leaves_the_rest() -> None:
    web = web_of(
        [
            given("what", "noise"),
            given("where", "work"),
            given("also", "sleep"),
            given("sign", words="I get quiet"),
            given("helps", words="A break"),
            given("what", "noise", visit=2),
            given("also", "letters", visit=2),
            given("helps", words="A walk", visit=2),
        ]
    )
    noise = web.points["noise"]
    assert (noise.half, list(noise.harder)) == ("work", ["letters"])
    assert {tag: one.answer.words for tag, one in noise.details.items()} == {
        meanings.WEB_WHERE: "",
        meanings.WEB_SIGN: "I get quiet",
        meanings.WEB_HELPS: "A walk",
    }


def test_lines_can_be_taken_away() -> None:
    first = [given("what", "noise"), given("also", "sleep")]
    assert lines(web_of(first))["noise"] == ["sleep"]
    again = [given("what", "noise", visit=2), given("also", "nothing", visit=2)]
    assert lines(web_of([*first, *again]))["noise"] == []


def test_own_words_are_one_point_however_they_are_spaced() -> None:
    again = [given("what", words="night shifts", visit=2), given("helps", words="Tea", visit=2)]
    web = web_of([given("what", words="Night  shifts"), *again])
    assert list(web.points) == ["night shifts"]
    assert web.points["night shifts"].details[meanings.WEB_HELPS].answer.words == "Tea"


def test_of_shared_answers_a_detail_without_its_point_is_nowhere() -> None:
    cards = [
        shared(1, line("what", "noise"), line("also", "sleep"), at=MONDAY, published=PUBLISHED, conversation=1),
        shared(1, line("helps", words="A break"), at=MONDAY, published=PUBLISHED, conversation=2),
    ]
    web = web_of(past_answers.shared(cards))
    assert lines(web) == {"noise": ["sleep"], "sleep": []}
    assert all(point.details == {} for point in web.points.values())
