"""Own data: what is told in the chat repeats no answer, and shows the way to the page that has them."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.own_data import NO_PAGE, Page, own_data
from tests.bot.digest_samples import plain
from tests.bot.turn_world import catalogs

AT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def told(page: Page = NO_PAGE, *, shared: bool = True) -> list[str]:
    texts = catalogs()
    what = [(AT, 1), (AT, 2)] if shared else []
    whole = own_data(texts.ui("en"), texts, "en", {"specialist": "Kim"}, "Europe/Oslo", what, page)
    return plain(whole).split("\n")


def test_days_and_numbers_of_lines_and_no_line() -> None:
    assert told()[1:4] == [
        "Kim can see what you shared:",
        "Tuesday 3 March 2026: 1 line",
        "Tuesday 3 March 2026: 2 lines",
    ]
    assert told(shared=False)[1] == "You have shared nothing."


def test_a_messenger_shows_a_door_that_opens_once() -> None:
    door = "https://checkin.example/me/in/token"
    assert told(Page(door))[-2:] == [
        door,
        "The link works once, in the next 15 minutes. Whoever has it can open the page.",
    ]


def test_the_web_chat_says_where_the_page_is() -> None:
    assert told(Page(is_beside=True))[-1] == "The menu has “What is kept”. There you can see and delete all of it."


def test_where_nobody_knows_the_address_people_can_ask() -> None:
    assert told()[-1].startswith("You can ask your service for a copy.")
