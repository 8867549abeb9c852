"""The page of one person: requests are answered by a press, agreements need both, and what was typed is not lost."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import TypeVar, get_args

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from sqlalchemy import Connection

from bot import agreements as pure
from bot.agreements import Course, Hand, Wording
from bot.agreements.history import Kind
from bot.console.asked import ANSWERS
from bot.console.specialist import LONGEST_WORDS
from bot.roles import Elsewhere, RoleCard
from bot.schedule import Agenda, Errand
from bot.wording.agreements import AGREEMENTS
from storage import agreements, audit, contact_log, leave, people, replies
from storage.agreements import Agreement, State
from storage.leave import Leave
from storage.replies import Reply
from tests.bot.digest_samples import NOW, TODAY, YESTERDAY, line, plain
from tests.bot.page_forms import Seen
from tests.bot.staff_world import SAME_SITE, World, world

Browser = TestClient[web.Request, web.Application]
T = TypeVar("T")

CONSOLE = Path(__file__).parents[2] / "bot" / "console"
CARD = RoleCard(
    does=("interpreter",),
    together=(),
    instead=(
        Elsewhere("school", "The evening school", "school", "", ("language",)),
        Elsewhere("office", "NAV Bergen", "benefits_office", "55 55 33 33", ("letters",)),
    ),
)
HELP = line("help", "letters")
DUE = date(2025, 5, 9)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        made.programme = replace(made.programme, role_card=CARD)
        yield made


@pytest.fixture
async def anna(service: World) -> int:
    return await service.staff("Anna")


@pytest.fixture
async def samira(service: World, anna: int) -> int:
    return await service.person("S.K.", anna)


async def read(service: World, ask: Callable[[Connection], T]) -> T:
    return await service.database.read(ask)


async def looked(browser: Browser, address: str) -> Seen:
    answer = await browser.get(address)
    assert answer.status == 200, address
    return Seen(plain(await answer.text()))


async def words_at(browser: Browser, address: str) -> str:
    """What stands on a page, each part apart from the next."""
    answer = await browser.get(address)
    assert answer.status == 200, address
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", plain(await answer.text()))).split())


async def sent(browser: Browser, address: str, status: int = 303, /, **fields: str) -> str:
    answer = await browser.post(address, data=fields, headers=SAME_SITE, allow_redirects=False)
    assert answer.status == status, await answer.text()
    return answer.headers.get("Location", "") if status == 303 else plain(await answer.text())


async def errands(service: World, person: int) -> tuple[Errand, ...]:
    """What a person is to be told."""

    def opened(conn: Connection) -> tuple[Errand, ...]:
        row = conn.exec_driver_sql(f"SELECT sealed_agenda FROM participant WHERE id = {person}").scalar()
        cipher = people.participant(conn, service.vault, person).cipher
        place = f"participant.agenda|{person}"
        return msgspec.json.decode(cipher.open(place, row), type=Agenda).errands if row else ()

    return await read(service, opened)


async def actions(service: World, person: int) -> list[str]:
    found = await read(service, lambda conn: audit.records(conn, person))
    return [each.action for each in found if each.action != "person opened"]


async def stored(service: World, person: int) -> list[Agreement]:
    def of(conn: Connection) -> list[Agreement]:
        return agreements.of(conn, people.participant(conn, service.vault, person).cipher, person)

    return await read(service, of)


async def keep(service: World, made: Agreement) -> None:
    """What the person's side does in the chat."""
    await service.database.write(
        lambda conn: agreements.put(conn, people.present(conn, service.vault, made.participant_id), made)
    )


async def proposed(
    service: World, person: int, staff: int, owner: str = "participant", due: date | None = DUE
) -> Course:
    says = Wording("Ask about Saturdays", "There is an answer", "en", owner, due)  # type: ignore[arg-type]
    made = pure.propose(person, 1, says, Hand("participant", staff, YESTERDAY))
    await keep(service, made)
    return Course((made,))


async def active(service: World, person: int, staff: int, owner: str = "participant", due: date | None = DUE) -> Course:
    course = await proposed(service, person, staff, owner, due)
    made = course.confirm(Hand("specialist", staff, YESTERDAY + timedelta(hours=1)))
    await keep(service, made)
    return Course((*course.revisions, made))


# Requests -------------------------------------------------------------------------------------------------------------


async def test_a_request_is_answered_by_one_press(service: World, anna: int, samira: int) -> None:
    await service.share(samira, HELP, at=YESTERDAY, conversation=3)
    async with service.browsing(anna) as browser:
        page = await looked(browser, f"/people/{samira}")
        assert "Asked for help Letters from offices" in " ".join(page.words.split())
        form = page.form("Yes, I will")
        assert set(form.buttons) == {
            "Yes, I will",
            "Let's do it together",
            "Can you try it, I support",
            "Let's talk first",
        }
        where = await sent(browser, form.action, **dict(form.sent("Let's do it together")))
        assert where == f"/people/{samira}#requests"
        after = await looked(browser, where)
    assert "Let's do it together (Anna, 6 May)" in " ".join(after.words.split())
    assert not any("Yes, I will" in form.buttons for form in after.forms)
    found = await read(service, lambda conn: replies.of_people(conn, [samira]))
    reply = Reply(samira, 3, "checkin/sharing", "checkin/help", "together", None, anna, NOW)
    assert list(found.values()) == [reply]
    assert await errands(service, samira) == (Errand("reply", reply.about, NOW),)
    assert await actions(service, samira) == ["request answered"]


async def test_what_is_not_the_specialists_role_is_passed_on_in_two_clicks(
    service: World, anna: int, samira: int
) -> None:
    await service.share(samira, HELP, at=YESTERDAY, conversation=3)
    async with service.browsing(anna) as browser:
        html = plain(await (await browser.get(f"/people/{samira}")).text())
        assert '<option value="office" selected>NAV Bergen (benefits office), telephone 55 55 33 33</option>' in html
        form = Seen(html).form("Answer")
        await sent(browser, form.action, **dict(form.sent("Answer")), who="office")
        after = await looked(browser, f"/people/{samira}")
    assert "Not my role: NAV Bergen" in after.words
    (reply,) = (await read(service, lambda conn: replies.of_people(conn, [samira]))).values()
    assert (reply.code, reply.who) == ("not_my_role", "office")


async def test_the_first_answer_stands(service: World, anna: int, samira: int) -> None:
    await service.share(samira, HELP, at=YESTERDAY, conversation=3)
    about = {"about": "3|checkin/sharing|checkin/help"}
    async with service.browsing(anna) as browser:
        for code in ("yes", "yes", "talk_first"):
            await sent(browser, f"/people/{samira}/reply", code=code, **about)
    (reply,) = (await read(service, lambda conn: replies.of_people(conn, [samira]))).values()
    assert reply.code == "yes"
    assert await actions(service, samira) == ["request answered"]
    assert len(await errands(service, samira)) == 1


async def test_two_requests_in_one_answer_are_answered_together(service: World, anna: int, samira: int) -> None:
    await service.share(samira, line("help", "letters", "interpreter"), at=YESTERDAY, conversation=3)
    async with service.browsing(anna) as browser:
        page = await looked(browser, f"/people/{samira}")
    assert sum("Yes, I will" in form.buttons for form in page.forms) == 1
    assert "Asked for an interpreter" in page.words


async def test_only_what_was_asked_and_shared_can_be_answered(service: World, anna: int, samira: int) -> None:
    await service.share(samira, HELP, line("good", "rested"), at=YESTERDAY, conversation=3)
    other = await service.person("P.W.", await service.staff("Bo"))
    await service.share(other, HELP, at=YESTERDAY, conversation=3)
    about = "3|checkin/sharing|checkin/help"
    async with service.browsing(anna) as browser:
        for person, code, line_of, who in (
            (samira, "yes", "3|checkin/sharing|checkin/good", ""),
            (samira, "yes", "4|checkin/sharing|checkin/help", ""),
            (samira, "seen", about, ""),
            (samira, "perhaps", about, ""),
            (samira, "not_my_role", about, "nobody"),
            (other, "yes", about, ""),
            (999, "yes", about, ""),
        ):
            await sent(browser, f"/people/{person}/reply", 404, code=code, about=line_of, who=who)
        await sent(browser, f"/people/{samira}/reply", 404)
    assert await read(service, lambda conn: replies.of_people(conn, [samira, other])) == {}
    assert await errands(service, samira) == ()


async def test_a_form_of_another_site_changes_nothing(service: World, anna: int, samira: int) -> None:
    await service.share(samira, HELP, at=YESTERDAY, conversation=3)
    async with service.browsing(anna) as browser:
        for address in ("reply", "contact", "agreements", "agreements/1"):
            answer = await browser.post(
                f"/people/{samira}/{address}", data={"code": "yes"}, headers={"Sec-Fetch-Site": "cross-site"}
            )
            assert answer.status == 403


async def test_nobody_but_the_specialist_gets_in(service: World, samira: int) -> None:
    coordinator = await service.staff("Nora", role="coordinator")
    bo = await service.staff("Bo")
    for staff in (coordinator, bo):
        async with service.browsing(staff) as browser:
            for address in ("reply", "contact", "agreements", "agreements/1"):
                fields = {"code": "yes", "day": "2025-05-06", "what": "x", "who": "together", "act": "done"}
                await sent(browser, f"/people/{samira}/{address}", 404, **fields)
    assert await actions(service, samira) == []


async def test_whoever_was_erased_is_not_there(service: World, anna: int, samira: int) -> None:
    await service.database.write(lambda conn: people.erase(conn, samira))
    async with service.browsing(anna) as browser:
        await sent(browser, f"/people/{samira}/reply", 404, code="yes", about="")
        await sent(browser, f"/people/{samira}/contact", 404, day="2025-05-05")
        await sent(browser, f"/people/{samira}/agreements", 404, what="Call", who="together", by="", sign="")
        await sent(browser, "/people/x/contact", 404, day="2025-05-05")


# Contact --------------------------------------------------------------------------------------------------------------


async def test_contact_is_noted_shown_and_taken_back(service: World, anna: int, samira: int) -> None:
    address = f"/people/{samira}/contact"
    async with service.browsing(anna) as browser:
        for day in ("2025-05-02", "2025-05-05", "2025-05-05"):
            assert await sent(browser, address, day=day) == f"/people/{samira}#contact"
        assert "Your last contact: 5 May" in (await looked(browser, "/people")).words
        assert "5 May" in (await looked(browser, f"/people/{samira}")).words
        await sent(browser, address, day="2025-05-05", act="back")
        assert "Your last contact: 2 May" in (await looked(browser, "/people")).words
    assert await actions(service, samira) == ["contact noted", "contact noted", "contact taken back"]
    assert await errands(service, samira) == (), "nobody is told that there was contact"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-05-07", "This day has not come yet."),
        ("soon", "This is no day. Write it like 2025-05-06."),
        ("", "no day"),
    ],
)
async def test_a_day_that_cannot_be_is_refused(service: World, anna: int, samira: int, day: str, said: str) -> None:
    async with service.browsing(anna) as browser:
        html = await sent(browser, f"/people/{samira}/contact", 422, day=day)
    assert said in html
    assert f'value="{day}"' in html
    assert await read(service, lambda conn: contact_log.days(conn, samira, anna)) == []


async def test_the_list_of_people_never_says_who_answered(service: World, anna: int, samira: int) -> None:
    quiet = await service.person("P.W.", anna)
    async with service.browsing(anna) as browser:
        before = await (await browser.get("/people")).text()
        await service.share(samira, HELP, at=YESTERDAY)
        assert await (await browser.get("/people")).text() == before
    assert quiet


# Agreements -----------------------------------------------------------------------------------------------------------


async def test_what_is_proposed_waits_for_the_person_and_is_told(service: World, anna: int, samira: int) -> None:
    typed = {"what": " Call  the shop ", "who": "specialist", "by": "2025-05-09", "sign": ""}
    async with service.browsing(anna) as browser:
        page = await looked(browser, f"/people/{samira}")
        form = page.form("Send it to S.K.")
        for _ in range(2):
            assert await sent(browser, form.action, **typed) == f"/people/{samira}#agreements"
        words = await words_at(browser, f"/people/{samira}")
    assert "Waits for S.K.: yes or no." in words
    assert "Who does it Anna By 9 May" in words
    (made,) = await stored(service, samira)
    assert (made.what, made.owner, made.due, made.sign) == ("Call the shop", "specialist", DUE, "")
    assert (made.state, made.made_by, made.staff_id, made.language, made.at) == (
        "proposed",
        "specialist",
        anna,
        "en",
        NOW,
    )
    assert await errands(service, samira) == (Errand("agreement", "1", NOW),)
    assert await actions(service, samira) == ["agreement proposed"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": "  "}, "It needs a few words about what you agree on."),
        ({"what": "x" * (LONGEST_WORDS + 1)}, f"There is room for {LONGEST_WORDS} letters."),
        ({"sign": "x" * (LONGEST_WORDS + 1)}, f"There is room for {LONGEST_WORDS} letters."),
        ({"by": "2025-05-05"}, "This day has passed. Choose today or a later day."),
        ({"by": "Friday"}, "This is no day. Write it like 2025-05-06."),
    ],
)
async def test_what_cannot_be_proposed_comes_back_with_everything_typed(
    service: World, anna: int, samira: int, fields: dict[str, str], said: str
) -> None:
    typed = {"what": "Call the shop", "who": "someone_else", "by": "2025-05-09", "sign": "They answer", **fields}
    async with service.browsing(anna) as browser:
        html = await sent(browser, f"/people/{samira}/agreements", 422, **typed)
    assert said in html
    back = Seen(html).form("Send it to S.K.")
    assert (back.texts["what"], back.texts["sign"], back.texts["by"]) == (typed["what"], typed["sign"], typed["by"])
    assert '<option value="someone_else" selected>' in html
    assert await stored(service, samira) == []
    assert await errands(service, samira) == ()


async def test_a_proposal_of_the_person_is_confirmed(service: World, anna: int, samira: int) -> None:
    await proposed(service, samira, anna)
    async with service.browsing(anna) as browser:
        page = await looked(browser, f"/people/{samira}")
        assert "Waits for your answer." in page.words
        form = page.form("Yes, agreed")
        await sent(browser, form.action, **dict(form.sent("Yes, agreed")))
        after = await looked(browser, f"/people/{samira}")
    assert "Planned for 9 May." in after.words
    assert "Still open" not in after.words
    *_, now = await stored(service, samira)
    assert (now.state, now.revision, now.confirmed_by_specialist_at) == ("active", 2, NOW)
    assert ("agreement_day", "1") in [(one.kind, one.about) for one in await errands(service, samira)]
    assert await actions(service, samira) == ["agreement confirmed"]


@pytest.mark.parametrize(
    ("button", "state", "said", "action"),
    [
        ("Done", "done", "Done.", "agreement done"),
        ("We drop it", "dropped", "Dropped.", "agreement dropped"),
    ],
)
async def test_an_agreement_ends_by_a_press(
    service: World, anna: int, samira: int, button: str, state: State, said: str, action: str
) -> None:
    await active(service, samira, anna)
    async with service.browsing(anna) as browser:
        form = (await looked(browser, f"/people/{samira}")).form(button)
        await sent(browser, form.action, **dict(form.sent(button)))
        after = await looked(browser, f"/people/{samira}")
    assert said in after.words
    assert (await stored(service, samira))[-1].state == state
    assert await actions(service, samira) == [action]
    kinds = {one.kind for one in await errands(service, samira)}
    assert not kinds & {"agreement", "agreement_day"}, "what is over is not asked about"


async def test_another_day_is_proposed_and_the_agreed_one_counts_until_then(
    service: World, anna: int, samira: int
) -> None:
    await active(service, samira, anna)
    act = {"act": "not_yet", "revision": "2"}
    async with service.browsing(anna) as browser:
        address = f"/people/{samira}/agreements/1"
        assert "This is no day." in await sent(browser, address, 422, by="", **act)
        same = await sent(browser, address, 422, by="2025-05-09", **act)
        assert "This says the same as before." in same
        assert Seen(same).form("Done")
        await sent(browser, address, by="2025-05-16", **act)
        words = await words_at(browser, f"/people/{samira}")
    assert "Waits for S.K.: yes or no." in words
    assert "By 16 May" in words
    assert re.search(r"Until both agree, this counts: .* By 9 May", words)
    assert await errands(service, samira) == (Errand("agreement", "1", NOW),)


async def test_a_change_shows_what_was_before_to_both(service: World, anna: int, samira: int) -> None:
    await active(service, samira, anna)
    typed = {"act": "change", "revision": "2", "what": "Write to the shop", "who": "together", "by": "", "sign": ""}
    async with service.browsing(anna) as browser:
        await sent(browser, f"/people/{samira}/agreements/1", **typed)
        words = await words_at(browser, f"/people/{samira}")
    for told in ("S.K. proposed it 5 May", "Anna said yes 5 May", "Anna changed it 6 May", "Ask about Saturdays"):
        assert told in words
    assert "Who does it together" in words
    *_, now = await stored(service, samira)
    assert (now.what, now.owner, now.due, now.state) == ("Write to the shop", "together", None, "proposed")
    assert await actions(service, samira) == ["agreement changed"]


async def test_words_that_are_left_alone_keep_their_language(service: World, anna: int, samira: int) -> None:
    says = Wording("أسأل عن السبت", "", "ar", "participant", DUE)
    await keep(service, pure.propose(samira, 1, says, Hand("participant", anna, YESTERDAY)))
    typed = {"act": "change", "what": says.what, "who": "together", "by": "2025-05-09", "sign": ""}
    async with service.browsing(anna) as browser:
        await sent(browser, f"/people/{samira}/agreements/1", revision="1", **typed)
        await sent(browser, f"/people/{samira}/agreements/1", revision="2", **{**typed, "what": "Ask on Saturday"})
    assert [(one.language, one.owner) for one in await stored(service, samira)] == [
        ("ar", "participant"),
        ("ar", "together"),
        ("en", "together"),
    ]


async def test_a_day_that_has_passed_may_stay_when_the_words_change(service: World, anna: int, samira: int) -> None:
    await active(service, samira, anna, due=TODAY - timedelta(days=3))
    typed = {"act": "change", "revision": "2", "what": "Something else", "who": "together", "sign": ""}
    async with service.browsing(anna) as browser:
        html = await sent(browser, f"/people/{samira}/agreements/1", 422, by="2025-05-04", **typed)
        assert "This day has passed." in html
        await sent(browser, f"/people/{samira}/agreements/1", by="2025-05-03", **typed)
    assert (await stored(service, samira))[-1].due == date(2025, 5, 3)


async def test_nobody_says_yes_to_what_they_have_not_read(service: World, anna: int, samira: int) -> None:
    course = await proposed(service, samira, anna)
    says = Wording("Something else", "", "en", "specialist", None)
    await keep(service, course.change(says, Hand("participant", anna, YESTERDAY + timedelta(hours=2))))
    async with service.browsing(anna) as browser:
        html = await sent(browser, f"/people/{samira}/agreements/1", 409, act="confirm", revision="1")
        typed = {"what": "My own words", "who": "together", "by": "", "sign": ""}
        kept = await sent(browser, f"/people/{samira}/agreements/1", 409, act="change", revision="1", **typed)
    for page in (html, kept):
        assert "It was changed in the meantime." in page
        assert "Something else" in page
    assert "My own words" in kept
    assert (await stored(service, samira))[-1].state == "proposed"
    assert await actions(service, samira) == []


@pytest.mark.parametrize("act", ["done", "not_yet", "ask_change", "", "propose"])
async def test_an_act_that_does_not_fit_changes_nothing(service: World, anna: int, samira: int, act: str) -> None:
    await proposed(service, samira, anna)
    status = 409 if act in ("done", "not_yet") else 404
    fields = {"act": act, "revision": "1", "by": "2025-05-16"}
    async with service.browsing(anna) as browser:
        await sent(browser, f"/people/{samira}/agreements/1", status, **fields)
        await sent(browser, f"/people/{samira}/agreements/2", 404, **fields)
        await sent(browser, f"/people/{samira}/agreements/no", 404, **fields)
        await sent(browser, f"/people/{samira}/agreements", 404, what="Call", who="nobody", by="", sign="")
    assert len(await stored(service, samira)) == 1


@pytest.mark.parametrize(
    ("due", "said"), [(TODAY + timedelta(days=1), "Planned for 7 May."), (TODAY, "Planned for 6 May. Still open.")]
)
async def test_what_has_come_to_its_day_reads_the_same_whoever_owns_it(
    service: World, anna: int, due: date, said: str
) -> None:
    pages = set()
    for owner in ("participant", "specialist", "together", "someone_else"):
        person = await service.person("S.K.", anna, name="Samira")
        await active(service, person, anna, owner, due)
        async with service.browsing(anna) as browser:
            html = plain(await (await browser.get(f"/people/{person}")).text())
        heading = re.search(r'<h3 id="a1">(.*?)</h3>', html)
        assert heading is not None
        pages.add(heading[1])
    assert pages == {said}


async def test_whoever_covers_for_somebody_sees_requests_and_no_agreements(service: World, anna: int) -> None:
    """Reached as on the page of cards: what was shared during the leave, and nothing else."""
    bo = await service.staff("Bo")
    person = await service.person("S.K.", anna)
    await active(service, person, anna)
    began = datetime(2025, 5, 5, 9, 0, tzinfo=NOW.tzinfo)
    await service.database.write(
        lambda conn: leave.put(conn, Leave(anna, date(2025, 5, 5), date(2025, 5, 8), bo), date(2025, 5, 1))
    )
    number = await service.checkin(person, began)
    await service.share(person, HELP, at=YESTERDAY, conversation=number)
    async with service.browsing(bo) as browser:
        page = await looked(browser, f"/people/{person}")
        assert "Ask about Saturdays" not in page.words
        assert "Agreements" not in page.words
        await sent(browser, f"/people/{person}/agreements/1", 404, act="done", revision="2")
        await sent(browser, f"/people/{person}/agreements", 404, what="Call", who="together", by="", sign="")
        await sent(browser, f"/people/{person}/reply", about=f"{number}|checkin/sharing|checkin/help", code="yes")
    (reply,) = (await read(service, lambda conn: replies.of_people(conn, [person]))).values()
    assert reply.staff_id == bo


async def test_a_new_specialist_finds_the_agreements_and_who_made_them(service: World, anna: int, samira: int) -> None:
    await active(service, samira, anna, "specialist")
    await service.share(samira, HELP, at=YESTERDAY)
    bo = await service.staff("Bo")
    await service.database.write(lambda conn: people.assign(conn, samira, bo, NOW - timedelta(hours=1)))
    async with service.browsing(bo) as browser:
        words = await words_at(browser, f"/people/{samira}")
        assert "Ask about Saturdays" in words
        assert "Who does it Anna" in words
        assert "Letters from offices" not in words
        assert "Nothing new shared." in words
        await service.database.write(lambda conn: people.let_see(conn, samira, YESTERDAY - timedelta(days=1)))
        assert "Letters from offices" in (await looked(browser, f"/people/{samira}")).words
    async with service.browsing(anna) as browser:
        assert (await browser.get(f"/people/{samira}")).status == 404


# Words ----------------------------------------------------------------------------------------------------------------


def test_every_text_is_said_and_none_is_missing() -> None:
    places = [*CONSOLE.glob("*.py"), CONSOLE / "templates" / "person.html", CONSOLE / "templates" / "people.html"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in places)
    made = {f"reply_{code}" for code in (*ANSWERS, "seen")}
    made |= {f"history_{kind}" for kind in get_args(Kind)}
    made |= {f"agreement_{state}" for state in get_args(State) if state != "proposed"}
    made |= {f"agreement_{reason}" for reason in ("empty", "same", "long", "no_day", "passed")}
    known = {name.removeprefix("staff/") for name in AGREEMENTS if name.startswith("staff/")}
    assert made <= known
    for name in known - made:
        assert re.search(rf"""["'.]{name}\b""", source), f"{name} is never said"


def test_no_text_tells_whether_somebody_was_reached() -> None:
    said = (text for name, text in AGREEMENTS.items() if name.startswith("staff/") and isinstance(text, str))
    texts = " ".join(said).casefold()
    assert not re.search(r"\b(he|she|they|him|her|them|their|answered late|no answer|has read|was told)\b", texts)
