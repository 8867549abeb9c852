"""No text is written in the program: in a pseudo-language no page, message or mail has a plain word."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import available_timezones

import pytest
import yaml
from aiohttp.test_utils import TestClient, TestServer

from bot import welcome
from bot.app import catalogs_for, load_texts, opened, web_app
from bot.catalogs import Catalogs
from bot.catalogs.language import LEFT_TO_RIGHT, RIGHT_TO_LEFT, language, locale_of
from bot.catalogs.pseudo import PSEUDO, pseudo
from bot.channels.telegram import screens
from bot.channels.telegram.menu import COMMANDS
from bot.config import EXAMPLE, LOCALES, Settings
from bot.messages import Outbound
from bot.my_page.parts import PARTS
from bot.programme import load_programme
from bot.rendering import Voice, rendered
from dialogues import loader
from dialogues.model import Ask, Script
from storage import people
from tests.bot.digest_samples import NOW
from tests.bot.plain_text import plain_on_page, plain_words
from tests.bot.route_rights import ROLES
from tests.bot.staff_world import CHECKIN, SAME_SITE, World, world
from tests.bot.test_every_language import NAMES, walked
from tests.bot.test_mailing import Postbox, send
from tests.bot.test_route_matrix import RELATIONS, RIGHTS, Office, console, sharing
from tests.bot.turn_world import Person, TurnWorld, shipped
from tests.bot.wording_talk import strings

DATA = {"O.O.", "Name of", "Only for whom it was shared with", "checkin", "A short check-in", "Ctrl+Space", "staff:1"}
DATA |= {"Kim", *(role.title() for role in ROLES)}
"""Names, and what people wrote, on the staff pages."""
PLACES = {part for zone in available_timezones() for each in zone.split("/") for part in (each, each.replace("_", " "))}
TYPED = ("menu", "question", "language", "mydata", "pause")
"""Words that open something in the chat."""
MONDAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@cache
def catalogs() -> Catalogs:
    """English and the pseudo-languages."""
    return Catalogs.load(LOCALES, allow_drafts=False, only=["en"], with_pseudo=True)


def test_words_change_and_everything_else_stays() -> None:
    assert pseudo("Skip this", LEFT_TO_RIGHT) == "[Šķîþ ţĥîš···]"
    assert pseudo("Skip this?", RIGHT_TO_LEFT) == "[سكيپ تهيس؟]"
    assert pseudo("{n} of {total}", LEFT_TO_RIGHT) == "[{n} öƒ {total}·····]"
    assert pseudo("Write /delete to {name}.\n", RIGHT_TO_LEFT) == "[شريتع /delete تو {name}.]\n"
    for same in (", ", "", "{day} · {reader}", "4"):
        assert pseudo(same, LEFT_TO_RIGHT) == same


def test_plain_words_are_found_wherever_they_can_be_read() -> None:
    page = """<html lang="en-XA" dir="ltr"><p>[Ñö·] Plain <b>words</b><code>code</code><q lang="en">said</q></p>
        <input placeholder="Write" value="typed"><input type="submit" value="Send"><img alt="A picture of Sam">"""
    assert plain_on_page(page, "en-XA", {"Sam"}) == ["Plain", "words", "Write", "Send", "picture", "of"]
    assert list(plain_words("Tuesday 6 May, /delete, a@example.org, Sami", {"Sam"})) == ["Sami"]


@pytest.mark.parametrize("code", PSEUDO)
def test_a_pseudo_language_is_whole(code: str) -> None:
    one = catalogs()
    assert one.languages == one.staff_languages == ("en", *PSEUDO)
    assert one.direction(code) == ("rtl" if code == RIGHT_TO_LEFT else "ltr")
    assert not list(plain_words(one.name(code), ()))
    assert one.ui(code).keys() == one.ui("en").keys()
    for n in (0, 1, 2, 3, 11, 100):
        assert "{n}" in one.count(code, "ui/again.too_many", n)
    assert all(one.script_texts(script, code) for script in shipped().scripts.values())
    assert language(code).letters == ("Arab" if code == RIGHT_TO_LEFT else "Latn")


def test_only_an_example_offers_them_and_only_when_asked(tmp_path: Path) -> None:
    asked, service = Settings(pseudo=True), tmp_path / "programme.yaml"
    service.write_text(EXAMPLE.read_text(encoding="utf-8").replace("example: yes", "example: no"), encoding="utf-8")
    example, offered = load_texts(asked, MONDAY.date())
    assert offered.languages[-2:] == PSEUDO
    assert not set(PSEUDO) & set(catalogs_for(Settings(), example).languages)
    programme, offered = load_texts(Settings(pseudo=True, programme=service), MONDAY.date())
    assert not programme.example
    assert not set(PSEUDO) & {*offered.languages, *offered.refused}


# What participants read -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", PSEUDO)
def test_no_script_and_nothing_around_it_is_plain(code: str) -> None:
    for seed, script in enumerate(shipped().scripts.values()):
        texts = catalogs().script_texts(script, code)
        assert texts is not None
        voice = Voice(script, texts, catalogs().ui(code), catalogs(), code, 7, NAMES)
        for session, events in walked(script, Random(seed)):
            for message in rendered(voice, session, events):
                assert not _plain_in(message, session_words(session)), message


def session_words(session: object) -> set[str]:
    """What a person wrote in a conversation, as a whole and line by line."""
    answers = [*session.done.values(), *session.remembered.values()]  # type: ignore[attr-defined]
    words = [getattr(answer, "words", "") for answer in answers]
    return {line for each in words for line in (each, *each.split("\n")) if line}


def _plain_in(message: Outbound, data: set[str]) -> list[str]:
    return [word for text in strings(message) for word in plain_words(text, data)]


@pytest.mark.parametrize("code", PSEUDO)
async def test_no_page_of_a_participant_is_plain(tmp_path: Path, code: str) -> None:
    """The chat as it goes on, the share step, the menu, "Help now", and all of My page."""
    now, key = (lambda: MONDAY), bytes(range(32))
    settings, headers = Settings(folder=tmp_path, pseudo=True), {"Accept-Language": code.replace("_", "-")}
    async with opened(settings, key, now) as parts, TestClient(TestServer(web_app(parts)), headers=headers) as client:
        made = TurnWorld(parts.database, parts.vault, 0, parts.programme)
        made.turns = parts.turns
        made.specialist = await parts.database.write(
            lambda conn: people.add_staff(
                conn, parts.vault, name="Kim", mail="k@example.org", role="specialist", language="en",
                time_zone="UTC", now=MONDAY,
            )
        )  # fmt: skip
        sam = await made.person("Sam", code)
        await parts.database.write(lambda conn: people.new_link(conn, parts.vault, people.Who(sam.id), "token", MONDAY))
        data = {"Sam", "Kim", "start", *TYPED} | _own_names(parts.catalogs) | _of_the_programme()
        addresses = [address async for address in _walk(client, sam, code, data)]
        assert len(addresses) > 20
    for message in sam.told:
        assert not _plain_in(message, data), message


async def _walk(client: TestClient, sam: Person, code: str, data: set[str]) -> AsyncIterator[str]:  # type: ignore[type-arg]
    """Go through everything once, and look at each page."""

    async def look(address: str) -> str:
        answer = await client.get(address)
        html = await answer.text()
        assert answer.status == 200, (address, html)
        assert f'lang="{code.replace("_", "-")}"' in html, address
        assert plain_on_page(html, code.replace("_", "-"), data) == [], address
        return address

    yield await look("/c/token")
    await client.post("/c/token", data={"language": code}, headers=SAME_SITE)
    yield await look("/chat")
    await sam.onboards()
    await sam.says("start")
    for _ in range(40):
        yield await look("/chat")
        if sam.waits.kind == "offered":
            break
        await (sam.chooses("4") if sam.step == "week" else sam.skips_one())
    for word in TYPED:
        await sam.says(word)
        yield await look("/chat")
    for address in ("/help", "/me"):
        yield await look(address)
    for part in PARTS:
        yield await look(f"/me/{part}")


def _own_names(loaded: Catalogs) -> set[str]:
    """What languages call themselves, which is the same on every page."""
    return {loaded.name(code) for code in loaded.languages}


def _of_the_programme() -> set[str]:
    """What an operator wrote, and what the languages are called that are spoken on the telephone."""
    file = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    spoken = {code for line in load_programme(EXAMPLE, MONDAY.date()).lines for code in line.languages}
    return set(_leaves(file)) | {locale_of(code).get_display_name("en") or "" for code in spoken} - {""}


def _leaves(value: object) -> Iterator[str]:
    """Every text in a file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)


def _names_in(script: Script) -> Iterator[str]:
    """What steps and options of a script are called, which no participant sees."""
    for step in script.steps:
        yield step.key.partition("/")[2]
        yield from (
            name for option in (step.options if isinstance(step, Ask) else ()) for name in (option.name, option.group)
        )


# What staff read --------------------------------------------------------------------------------------------------


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        made.catalogs = Catalogs.load(LOCALES, allow_drafts=True, only=["nb"], with_pseudo=True)
        yield made


async def test_no_page_of_the_staff_is_plain(service: World) -> None:
    """Every page that opens without a form, for every role, with something on it. From right to left, what stands from
    left to right are names in the program and no sentences."""
    code = RIGHT_TO_LEFT
    staff = {role: await service.staff(role.title(), role, language=code) for role in ROLES}
    own = await sharing(service, "O.O.", staff["specialist"])
    known = {"own": own} | dict.fromkeys(RELATIONS, own)
    data = DATA | _own_names(service.catalogs) | _of_the_programme() | set(_names_in(loader.load(CHECKIN)))
    seen, found = set(), dict[str, list[str]]()
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(console(service)))
        for role, member in staff.items():
            browser = await stack.enter_async_context(TestClient(server))
            await browser.post(await service.link(member, f"in-{role}"), headers=SAME_SITE, allow_redirects=False)
            office = Office({role: browser}, known, staff["translator"])
            for route in (route for route, roles in RIGHTS.items() if role in roles and route.startswith("GET ")):
                answer = await office.ask(role, route)
                if answer.status == 200 and answer.content_type == "text/html":
                    seen.add(route)
                    here = data | PLACES if "hours" in route or "{participant}" in route else data
                    found[f"{role} {route}"] = plain_on_page(await answer.text(), code.replace("_", "-"), here)
    assert {page: words for page, words in found.items() if words} == {}
    assert len(seen) > 25


@pytest.mark.parametrize("code", PSEUDO)
async def test_no_mail_is_plain(service: World, code: str) -> None:
    anna = await service.staff("Anna", language=code)
    await sharing(service, "O.O.", anna)
    postbox = Postbox()
    await send(service, postbox, NOW)
    (mail,) = postbox.kept
    assert not list(plain_words(str(mail["Subject"]), {"Anna"}))
    assert not list(plain_words(mail.get_content(), {"Anna"}))


@pytest.mark.parametrize("code", PSEUDO)
def test_nothing_that_telegram_shows_is_plain(code: str) -> None:
    ui = catalogs().ui(code)
    told = [
        *(ui[f"ui/menu.{command}"] for command in COMMANDS),
        *(ui[context] for context in ("ui/messenger.about", "ui/messenger.about_short")),
        welcome.closed_door(catalogs(), code).text,
        welcome.check_number(catalogs(), code, "4711").text,
    ]
    script = shipped().scripts["weekly_checkin"]
    texts = catalogs().script_texts(script, code)
    assert texts is not None
    voice = Voice(script, texts, ui, catalogs(), code, 7, NAMES)
    for session, events in walked(script, Random(3)):
        for part in screens.parts(rendered(voice, session, events), catalogs()):
            told_here = [part.text, *(key.label for row in part.keyboard for key in row)]
            assert not [word for text in told_here for word in plain_words(text, session_words(session))]
    assert not [word for text in told for word in plain_words(text, ())]
