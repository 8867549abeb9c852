"""Pictures as SVG, and the words beside them: whatever is drawn is also said, from either side, by form and not by
colour."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest

from bot import past_answers
from bot.looking_back import month_of
from bot.pictures import MonthPicture, Picture, svg, twin
from bot.pictures.figure import figure
from bot.pictures.letters import width
from bot.pictures.model import Said, Thing, WebPicture, WeekSaid
from bot.pictures.sheet import WIDTH
from bot.pictures.twin import said_beside
from bot.pictures.worded import Reader, month_picture, spoken, web_picture
from bot.pictures.wrapping import wrapped
from bot.webs import web_of
from tests.bot.digest_samples import plain, shared
from tests.bot.picture_samples import ENGLISH, MONDAY, PUBLISHED, READER, given, in_norwegian, line
from tests.bot.picture_samples import month_picture as month
from tests.bot.picture_samples import web_picture as web

LONG = "the letters that come every week from an office that nobody can explain to me " * 4
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitän"
SVG = "{http://www.w3.org/2000/svg}"
ISOLATES = "\u2066\u2067\u2069"


def drawn(picture: Picture, *, from_right: bool = False) -> ElementTree.Element:
    """The picture, read as XML."""
    return ElementTree.fromstring(svg(picture, from_right=from_right, name="p"))


def texts(picture: Picture, *, from_right: bool = False) -> list[str]:
    """The lines that are drawn, without the signs of direction around each."""
    return [(text.text or "").strip(ISOLATES) for text in drawn(picture, from_right=from_right).iter(f"{SVG}text")]


def numbers(picture: Picture, shape: str, *names: str, from_right: bool = False) -> list[tuple[float, ...]]:
    """Where shapes of a kind are."""
    found = drawn(picture, from_right=from_right).iter(f"{SVG}{shape}")
    return [tuple(float(each.attrib[name]) for name in names) for each in found]


# Words ----------------------------------------------------------------------------------------------------------------


def test_a_month_is_worded_as_everywhere_else() -> None:
    answers = [given("week", point=3), given("hard", "noise", words="the bus"), given("good", words="Rest")]
    picture = month_picture(month_of(answers, MONDAY, "UTC"), READER)
    assert picture is not None
    assert picture.weeks == (
        WeekSaid(
            "Week of 5 May",
            (Said("Week", "In between", point=3, points=5), Said("Hard", "Noise", "the bus"), Said("Good", "", "Rest")),
        ),
    )


def test_what_has_no_words_in_a_language_is_worded_by_the_newest_version_or_left_out() -> None:
    months = month_of([given("week", point=3)], MONDAY, "UTC")
    norwegian = Reader("nb", ENGLISH)
    assert month_picture(months, norwegian) is None
    with_latest = replace(norwegian, latest=lambda dialogue: in_norwegian() if dialogue == "talk" else None)
    picture = month_picture(months, with_latest)
    assert picture is not None
    assert picture.weeks[0].label == "Week of 5. mai"
    assert picture.weeks[0].said == (Said("nb Week", "nb In between", point=3, points=5),)


def test_a_page_speaks_the_language_of_the_scripts_where_its_own_has_no_words() -> None:
    answers = [given("week", point=3)]
    assert spoken(answers, READER) == "en"
    assert spoken(answers, Reader("nb", ENGLISH)) == "en"
    assert spoken(answers, Reader("nb", ENGLISH, latest=lambda _: in_norwegian())) == "nb"


def test_a_web_is_worded_with_the_lines_that_were_drawn() -> None:
    answers = [
        given("what", "noise"),
        given("where", "work"),
        given("also", "sleep", words="my back"),
        given("helps", words="A break"),
    ]
    picture = web_picture(web_of(answers), READER)
    assert picture is not None
    assert [(thing.number, thing.what, thing.own, thing.half) for thing in picture.things] == [
        (1, "Noise", False, "work"),
        (2, "Sleep", False, "several"),
        (3, "my back", True, "several"),
    ]
    assert picture.things[0].harder == (2, 3)
    assert [plain(line) for line in twin(picture)] == [
        "1. Noise · Where: At work · Has helped: “A break” · Makes this harder: Sleep (2), “my back” (3)",
        "2. Sleep",
        "3. “my back”",
    ]


def test_an_empty_web_is_no_picture() -> None:
    assert web_picture(web_of([]), READER) is None
    assert web_picture(web_of([given("what", "noise")]), Reader("nb", ENGLISH)) is None


def test_staff_read_who_drew_the_lines_and_no_your() -> None:
    cards = [shared(1, line("what", "noise"), line("week", point=2), at=MONDAY, published=PUBLISHED)]
    reader = replace(READER, is_staff=True)
    answers = past_answers.shared(cards)
    pictures = (web_picture(web_of(answers), reader), month_picture(month_of(answers, MONDAY, "UTC"), reader))
    for picture in pictures:
        assert picture is not None
        assert "your" not in picture.title.lower()
        assert "shared" in picture.title


def test_what_a_text_says_already_is_not_said_again() -> None:
    picture = month("Good")
    lines = twin(picture)
    assert said_beside(picture, "This is your month.") == lines
    assert said_beside(picture, f"This is your month.\n\u2068{lines[0]}\u2069") == ()
    assert said_beside(None, "x") == ()


# Forms ----------------------------------------------------------------------------------------------------------------


def test_a_month_shows_the_chosen_point_among_all() -> None:
    fills = [circle.attrib["fill"] for circle in drawn(month("Hard", "Good")).iter(f"{SVG}circle")]
    marks, knots = fills[:10], fills[10:]
    assert [marks.index("currentColor"), marks[5:].index("currentColor")] == [0, 1]
    assert marks.count("currentColor") == 2
    assert knots == ["none", "none"]


def test_a_scale_without_marks_has_its_words_alone() -> None:
    picture = MonthPicture("t", "w", (WeekSaid("Week 1", (Said("Sure", "7"),)),))
    assert texts(picture) == ["Week 1", "Sure: 7"]
    assert len(list(drawn(picture).iter(f"{SVG}circle"))) == 1


def test_a_web_has_two_halves_and_a_part_below_only_for_what_belongs_to_none() -> None:
    picture = web("Noise", "Sleep", half="work")
    assert texts(picture) == ["At work", "1.", "Noise", "2.", "Sleep", "Away from work"]
    assert "Several places" in texts(web("Noise", half="several"))


def test_a_line_has_its_dot_at_what_gets_harder_and_touches_no_other_box() -> None:
    picture = web("Noise", "Sleep", "Letters", "Back", lines={1: (2,), 3: (1, 4)})
    boxes = numbers(picture, "rect", "x", "width")
    inner = {round(x + wide if x < WIDTH / 2 else x, 1) for x, wide in boxes}
    ways = [path.attrib["d"] for path in drawn(picture).iter(f"{SVG}path") if "C" in path.attrib["d"]]
    assert len(ways) == 3
    for way in ways:
        places = [tuple(map(float, place)) for place in re.findall(r"(-?[\d.]+) (-?[\d.]+)", way)]
        assert {places[0][0], places[3][0]} <= inner
        assert all(min(inner) <= x <= max(inner) for x, _ in places)
    dots = numbers(picture, "circle", "cx", "cy")
    assert dots == [tuple(map(float, way.split("C")[1].split(" ")[-2:])) for way in ways]
    assert texts(picture)[-1] == "A line joins."


def test_without_lines_nothing_is_said_of_lines() -> None:
    assert "A line joins." not in texts(web("Noise", "Sleep"))


@pytest.mark.parametrize("count", [0, 1, 20])
@pytest.mark.parametrize("what", ["Noise", LONG, UNBROKEN])
def test_any_number_of_points_of_any_length_fits(count: int, what: str) -> None:
    lines = {number: (number % count + 1,) for number in range(1, count + 1)} if count > 1 else {}
    picture = web(*[f"{what} {number}" for number in range(count)], lines=lines)
    found = drawn(picture)
    high = float(found.attrib["height"])
    boxes = numbers(picture, "rect", "x", "y", "width", "height")
    assert len(boxes) == count
    assert all(x >= 0 and x + wide <= WIDTH and y + tall <= high for x, y, wide, tall in boxes)
    for (x, y, _, tall), (other_x, other_y, _, _) in combinations(sorted(boxes), 2):
        assert x != other_x or y + tall <= other_y
    half = boxes[0][2] if boxes else WIDTH
    assert all(width(text, 14) <= half for text in texts(picture) if text != "A line joins.")
    assert len(twin(picture)) == count


@pytest.mark.parametrize("picture", [month("Hard", LONG, "Good"), web("Noise", LONG, "Sleep", lines={1: (2, 3)})])
def test_in_arabic_everything_stands_on_the_other_side(picture: Picture) -> None:
    for shape, *names in (("circle", "cx", "cy"), ("text", "x", "y")):
        left = numbers(picture, shape, *names)
        right = numbers(picture, shape, *names, from_right=True)
        assert [(round(WIDTH - x, 1), y) for x, y in right] == left
    boxes, mirrored = numbers(picture, "rect", "x", "width"), numbers(picture, "rect", "x", "width", from_right=True)
    assert [(round(WIDTH - x - wide, 1), wide) for x, wide in mirrored] == boxes
    anchors = {text.attrib.get("text-anchor") for text in drawn(picture, from_right=True).iter(f"{SVG}text")}
    assert anchors == {"end"}
    assert texts(picture, from_right=True) == texts(picture)


def test_own_words_keep_their_direction_and_everything_else_has_that_of_the_page() -> None:
    said = (Said("جيد", "", "I closed (it) alone."), Said("جيد", "", "أغلقته"))
    picture = MonthPicture("شهر", "x", (WeekSaid("أسبوع 5", said),))
    raw = [text.text for text in drawn(picture, from_right=True).iter(f"{SVG}text")]
    assert raw == [
        "\u2067أسبوع 5\u2069",
        "\u2067جيد:\u2069",
        "\u2066“I closed (it) alone.”\u2069",
        "\u2067جيد:\u2069",
        "\u2067“أغلقته”\u2069",
    ]


@pytest.mark.parametrize("picture", [month("Hard", "Good"), web("Noise", "Sleep", lines={1: (2,)})])
def test_there_is_no_colour_no_style_and_nothing_from_elsewhere(picture: Picture) -> None:
    source = svg(picture, from_right=False, name="p")
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', source))
    assert colours <= {"currentColor", "none"}
    assert not re.search(r"style|class=|href|url\(|<image|<script|#[0-9a-f]{3}", source)


def test_a_screen_reader_gets_a_name_and_where_the_words_are() -> None:
    found = drawn(month("Good"))
    assert (found.attrib["role"], found.attrib["aria-labelledby"]) == ("img", "p-title p-about")
    names = {each.attrib["id"]: each.text for each in found if "id" in each.attrib}
    assert names == {"p-title": "Your last four weeks", "p-about": "All of it is here in words."}


def test_what_people_write_is_never_markup() -> None:
    evil = '</text><script>alert(1)</script>&amp;"\u0000\u202e\ud800'
    thing = Thing(1, evil, "work", own=True, details=(Said(evil, evil, evil),), harder_words=evil)
    week = WeekSaid(evil, (Said(evil, evil, evil, 1, 5),))
    for picture in (MonthPicture(evil, evil, (week,)), WebPicture(evil, evil, evil, evil, evil, evil, (thing,))):
        drawn(picture)
        html = figure(picture, "en", "ltr", "p")
        assert "<script" not in html
        assert "\u202e" not in svg(picture, from_right=False, name="p")


# On a page ------------------------------------------------------------------------------------------------------------


def test_on_a_page_the_words_come_first_with_their_language() -> None:
    html = figure(month("Good"), "fa_AF", "rtl", "m3-picture")
    assert html.startswith('<figure class="picture" lang="fa-AF" dir="rtl"><figcaption>Your last four weeks<')
    assert html.index("<li>") < html.index("<svg")
    assert 'id="m3-picture-title"' in html


def test_on_a_page_words_that_stand_above_are_not_repeated() -> None:
    picture = month("Good")
    assert "<ul>" not in figure(picture, "en", "ltr", "p", "\n".join(twin(picture)))


# Lines of text --------------------------------------------------------------------------------------------------------


def test_a_text_is_wrapped_between_words_and_loses_none() -> None:
    lines = wrapped(LONG, 120, 14, 100)
    assert " ".join(lines) == LONG.strip()
    assert all(width(line, 14) <= 120 for line in lines)
    assert len(lines) > 4


def test_a_word_that_is_too_wide_is_cut_between_letters() -> None:
    assert "".join(wrapped(UNBROKEN, 60, 14, 100)) == UNBROKEN
    thai = "กำลังใจที่ดี" * 3
    assert "".join(wrapped(thai, 30, 14, 100)) == thai
    assert all(not line.startswith("ำ") for line in wrapped(thai, 30, 14, 100))


def test_what_does_not_fit_ends_in_a_sign_of_more() -> None:
    lines = wrapped(LONG, 120, 14, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(width(line, 14) <= 120 for line in lines)


def test_nothing_is_no_line() -> None:
    assert wrapped("  ", 120, 14, 3) == []
    assert wrapped("x", 0, 14, 3) == ["x"]
