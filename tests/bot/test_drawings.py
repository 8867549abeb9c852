"""Drawings and faces: always beside words, faces only for whoever wants them, and nothing of it for anybody else."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import Connection

from bot.channels.telegram.pieces import MOST_UNITS, units
from bot.delivery.outcomes import Pictured
from bot.messages import Tap
from bot.pictures.drawings import SHAPES, drawing
from bot.pictures.model import ScalePicture
from bot.pictures.png import png
from bot.pictures.svg import svg
from dialogues.drawings import DRAWINGS, FACE
from dialogues.engine import Again, Skip
from dialogues.model import Ask
from storage import digests, own, people, schema
from tests.bot.digest_samples import plain
from tests.bot.phone import Phone
from tests.bot.real_chat import real_chat
from tests.bot.telegram_talk import sees, shows
from tests.bot.telegram_wording import part, parts, scale
from tests.bot.telegram_world import telegram
from tests.bot.test_web_real_turns import onboard
from tests.bot.turn_world import Person, TurnWorld, shipped
from tests.bot.wording_talk import Talk, talk

NewClient = Callable[..., Awaitable[TestClient]]
ROOT = Path(__file__).parents[2]
POINTS = ("Very hard", "Hard", "In between", "Good", "Very good")


# The drawings -----------------------------------------------------------------------------------------------------


def test_every_name_has_a_drawing_of_lines_without_colour_and_a_page_that_shows_it() -> None:
    assert list(SHAPES) == [*DRAWINGS, *FACE]
    assert len(set(SHAPES.values())) == len(SHAPES)
    for name in SHAPES:
        tree = ElementTree.fromstring(drawing(name))
        assert (tree.get("aria-hidden"), tree.get("focusable"), tree.get("viewBox")) == ("true", "false", "0 0 24 24")
        assert {each.tag for each in tree.iter()} <= {"svg", "path", "circle", "rect"}, name
        assert not {key for each in tree.iter() for key in each.attrib} & {"fill", "stroke", "style", "id"}, name
        assert len(drawing(name)) < 450, name
    assert drawing("") == drawing("thumb") == ""
    page = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", page.partition("## Drawings beside answers")[2], re.MULTILINE) == list(
        DRAWINGS
    )


def test_in_the_shipped_scripts_all_options_of_a_question_are_drawn_and_no_two_that_stand_together_alike() -> None:
    asked = [each for script in shipped().scripts.values() for each in script.steps if isinstance(each, Ask)]
    drawn = [step for step in asked if step.drawings]
    assert len({step.key for step in drawn}) > 15
    for step in drawn:
        assert step.drawings.keys() == {option.name for option in step.options}, step.key
        alike = Counter((option.group, step.drawings[option.name]) for option in step.options)
        assert max(alike.values()) == 1 or (len(step.options) > 30 and not step.groups_of), step.key


# The messages -----------------------------------------------------------------------------------------------------


def at(name: str, faces: bool = False) -> Talk:
    """The weekly check-in when it has come to a question."""
    held = talk("weekly_checkin")
    held.voice = msgspec.structs.replace(held.voice, wants_faces=lambda: faces)
    held.send(Again())
    while held.held.waiting != name:
        held.send(Skip())
    return held


def test_a_drawing_goes_along_with_the_words_of_its_option() -> None:
    drawn = [(plain(button.label), button.drawing) for button in at("hard").asked.buttons]
    assert drawn == [
        ("At work", "briefcase"),
        ("Looking for work", "magnifier"),
        ("Outside work", "house"),
        ("Nothing special", "empty"),
    ]
    assert [button.drawing for button in at("week").asked.buttons] == [""] * 5


def test_faces_stand_beside_the_words_of_a_point_for_whoever_wants_them() -> None:
    buttons = at("week", faces=True).asked.buttons
    assert [(button.label, button.drawing) for button in buttons] == list(zip(POINTS, FACE, strict=True))
    assert [button.label for button in at("week").asked.buttons] == list(POINTS)


def test_ways_to_share_are_drawn_too() -> None:
    held = at("week")
    held.tap(held.asked.buttons[1])
    while held.asked.kind != "offered":
        held.send(Skip())
    assert [button.drawing for button in held.asked.buttons] == ["send", "list", "lock"]


# What is kept -----------------------------------------------------------------------------------------------------


async def checked_in(world: TurnWorld, *, faces: bool) -> Person:
    """Who chose, answered one question, skipped another and shared the answer."""
    one = await world.person("Amina")
    await one.onboards()
    await one.taps(Tap(0, "", "open", ("reading",)))
    await one.chooses("yes" if faces else "no")
    await one.says("start")
    assert [bool(button.drawing) for button in one.waits.buttons] == [faces] * 5
    await one.chooses("4")
    await one.skips_to("sharing")
    await one.presses("share_all")
    return one


async def test_the_mode_stands_beside_the_answer_and_nobody_on_the_staff_comes_to_know_it(world: TurnWorld) -> None:
    with_faces, without = [await checked_in(world, faces=faces) for faces in (True, False)]
    modes = {}
    for one in (with_faces, without):
        rows = await world.rows(schema.answer, participant_id=one.id)
        modes[one.id] = {row.question: row.mode for row in rows if row.mode or row.question == "weekly_checkin/week"}
        assert not any(row.question.startswith("reading/") for row in rows)
    assert modes == {with_faces.id: {"weekly_checkin/week": "faces"}, without.id: {"weekly_checkin/week": None}}
    cards = await world.database.read(lambda conn: digests.cards_for(conn, world.vault, world.specialist, None))
    assert len(cards) == 2
    assert cards[0].lines == cards[1].lines
    (theirs,) = await world.database.read(lambda conn: _modes(conn, world, with_faces.id))
    assert theirs == "faces"


def _modes(conn: Connection, world: TurnWorld, person: int) -> list[str]:
    """What a copy of somebody's own answers says about it."""
    cipher = people.participant(conn, world.vault, person).cipher
    return [one.given.mode for one in own.answers(conn, cipher, person) if one.given.mode]


# The page ---------------------------------------------------------------------------------------------------------


async def test_the_page_shows_a_drawing_and_its_words_in_each_option(tmp_path: Path, aiohttp_client: NewClient) -> None:
    async with real_chat(tmp_path) as site:
        phone = Phone(await aiohttp_client(site.app), site)
        await onboard(phone, "en")
        assert options(await opens(phone, "sharing_choice")) == [
            ("question", "Ask me every time"),
            ("list", "Tick them for me, then I look"),
            ("lock", "Keep everything for me"),
        ]
        await phone.press("Skip")
        page = await opens(phone, "topics")
        assert options(page)[-2:] == [("sun", "Good things"), ("empty", "None of these")]
        assert page.count(str(drawing("sun"))) == 1
        assert str(drawing("bus")) not in page
        await phone.press("Skip")
        await opens(phone, "reading")
        await phone.press("Yes")
        page = await (await phone.press(site.text("ui/page.start"))).text()
        assert options(page) == list(zip(FACE, POINTS, strict=True))
        assert 'class="dots"' not in page
        await phone.press("In between")
        assert ("weekly_checkin/week", "3", "en") in await site.answers()


async def opens(phone: Phone, dialogue: str) -> str:
    """The page on which a dialogue has been begun."""
    tap = msgspec.json.encode(Tap(0, "", "open", (dialogue,))).decode()
    return await (await phone.post("/chat", [("id", secrets.token_hex(8)), ("tap", tap)])).text()


def options(page: str) -> list[tuple[str, str]]:
    """The drawing and the words of each option on a page."""
    shapes = {str(drawing(name)): name for name in SHAPES}
    found = re.findall(
        r'<(?:button|label) class="option".*?(<svg.*?</svg>)<span class="label">(.*?)</span>', page, re.S
    )
    return [(shapes[drawn], words) for drawn, words in found]


# Telegram ---------------------------------------------------------------------------------------------------------


def test_in_telegram_faces_are_a_photo_above_keys_and_words_that_are_the_same_without_it() -> None:
    points = scale(*POINTS)
    faces = tuple(msgspec.structs.replace(each, drawing=face) for each, face in zip(points.buttons, FACE, strict=True))
    words, photo = part(points), part(msgspec.structs.replace(points, buttons=faces))
    assert isinstance(photo, Pictured)
    assert not isinstance(words, Pictured)
    assert (photo.text, photo.keyboard) == (words.text, words.keyboard)
    assert photo.picture == ScalePicture(tuple(f"{n}  {word}" for n, word in enumerate(POINTS, 1)))
    assert "1  Very hard" in photo.text


def test_a_question_that_is_too_long_for_a_caption_stands_below_the_faces() -> None:
    points = msgspec.structs.replace(scale(*POINTS), text="What a long question. " * 90)
    faces = tuple(msgspec.structs.replace(each, drawing=face) for each, face in zip(points.buttons, FACE, strict=True))
    first, *others = parts(msgspec.structs.replace(points, buttons=faces))
    assert isinstance(first, Pictured)
    assert not first.keyboard
    assert plain(first.text).split("\n") == [f"{n}  {word}" for n, word in enumerate(POINTS, 1)]
    assert others[-1].keyboard
    assert all(units(each.text) <= MOST_UNITS for each in others)


@pytest.mark.parametrize("from_right", [False, True])
def test_faces_are_drawn_from_the_side_where_reading_begins(from_right: bool) -> None:
    picture = ScalePicture(POINTS)
    tree = ElementTree.fromstring(svg(picture, from_right=from_right, name="p"))
    circles = [each for each in tree.iter("{http://www.w3.org/2000/svg}circle") if float(each.get("r", "0")) > 5]
    assert len(circles) == 5
    assert all((float(each.get("cx", "0")) > 180) is from_right for each in circles)
    said = [each.text or "" for each in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert [each.strip("\u2066\u2067\u2069") for each in said] == list(POINTS)
    assert png(picture, from_right=from_right).startswith(b"\x89PNG")


FEELING = """
dialogue: talk
language: en

steps:

  want:
    ask: Do you want faces?
    answer: yes or no
    tags: choice:faces

  week:
    ask: How was your week?
    answer: scale 1 to 5
    points: [Very hard, Hard, In between, Good, Very good]
    picture: faces

  goodbye:
    say: Thank you.
"""


@pytest.mark.usefixtures("no_errors")
async def test_a_photo_with_faces_is_answered_by_its_keys(sqlite_world: TurnWorld) -> None:
    await sqlite_world.publish("talk", FEELING)
    sqlite_world.holding("talk")
    async with telegram(sqlite_world) as t:
        _, phone = await t.person()
        await phone.type("/start")
        await sees(phone, "Do you want faces?")
        await phone.tap("Yes")
        await phone.until(lambda it: it.last.kind == "photo")
        assert shows(phone, "How was your week?", "1  Very hard", "5  Very good")
        assert phone.last.labels[:5] == ("1", "2", "3", "4", "5")
        await phone.tap("4")
        await sees(phone, "Thank you.")
    (given,) = await sqlite_world.rows(schema.answer)
    assert (given.question, given.number, given.mode) == ("talk/week", 4.0, "faces")
