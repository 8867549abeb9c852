"""Staff on the pages of administrators: adding, changing, leaving, coming back, and a new way to sign in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from sqlalchemy import Connection, func, select

from bot import staffing as rules
from bot.config import Settings
from bot.console.desk import DESK
from bot.console.office.settings import SETTINGS
from bot.mailing import Post
from bot.slots import due_digests
from bot.staff_notices import StaffNotices
from storage import audit, leave, people, reflections, schema, staff_addresses, staffing
from storage.leave import Leave
from storage.people import Staff
from tests.bot.digest_samples import NOW, YESTERDAY, line
from tests.bot.staff_world import SAME_SITE, World, world
from tests.bot.test_console import page, visible

Browser = TestClient[Request, Application]
NEW = {"name": "Kim Berg", "mail": "kim@example.org", "role": "specialist", "language": "en"}


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


async def member(service: World, staff_id: int) -> staffing.Member:
    everybody = await service.database.read(lambda conn: staffing.members(conn, service.vault))
    return next(one for one in everybody if one.staff.id == staff_id)


async def done(service: World) -> list[tuple[str, str]]:
    table = schema.audit
    asked = select(table.c.actor, table.c.action).where(table.c.action.like("staff.%")).order_by(table.c.id)
    return await service.database.read(lambda conn: [tuple(row) for row in conn.execute(asked)])


async def sent(browser: Browser, address: str, **fields: str) -> tuple[int, str]:
    answer = await browser.post(address, data=fields, headers=SAME_SITE)
    return answer.status, await answer.text()


# Adding ---------------------------------------------------------------------------------------------------------------


async def test_an_administrator_adds_somebody_and_sees_the_link_once_where_no_mail_leaves(service: World) -> None:
    adam = await service.staff("Adam", "administrator")
    async with service.browsing(adam) as browser:
        assert "Add somebody" in visible(await page(await browser.get("/staff")))
        status, html = await sent(browser, "/staff", **NEW)
        assert status == 200
        assert "Give this link to Kim Berg yourself." in visible(html)
        assert re.search(r'<code class="key" dir="ltr" translate="no">http://127[^<]+/enrol#[\w-]{22}</code>', html)
        assert "/enrol#" not in await page(await browser.get("/staff"))
    found = await service.database.read(lambda conn: people.all_staff(conn, service.vault, role="specialist"))
    assert [(one.name, one.mail, one.language, one.time_zone) for one in found] == [
        ("Kim Berg", "kim@example.org", "en", service.programme.time_zone)
    ]
    assert await done(service) == [(f"staff:{adam}", "staff.added")]


async def test_the_link_is_mailed_where_mail_leaves(service: World) -> None:
    adam, kept = await service.staff("Adam", "administrator"), Postbox()
    async with service.browsing(adam) as browser:
        browser.app[DESK].outgoing.post = Post(kept, "medvind@example.org", "https://medvind.example.org")
        status, html = await sent(browser, "/staff", **NEW)
    assert status == 200
    assert "A link was sent to Kim Berg by mail." in visible(html)
    assert "/enrol#" not in html, "whoever looks over a shoulder sees no link"
    (mail,) = kept.mails
    assert mail["To"] == "kim@example.org"
    assert re.search(r"https://medvind\.example\.org/enrol#[\w-]{22}", mail.get_content())


class Postbox:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def send(self, message: EmailMessage) -> None:
        self.mails.append(message)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "  "}, "A name is needed."),
        ({"name": "x" * 81}, "There is room for 80 letters."),
        ({"mail": "kim at example.org"}, "This is no mail address."),
        ({"mail": "ADAM@example.org"}, "Somebody else has this mail address."),
        ({"role": "king"}, "This role cannot be chosen."),
        ({"language": "tlh"}, "This language cannot be chosen."),
    ],
)
async def test_what_cannot_be_used_comes_back_with_a_sentence(service: World, wrong: dict[str, str], said: str) -> None:
    adam = await service.staff("Adam", "administrator")
    async with service.browsing(adam) as browser:
        status, html = await sent(browser, "/staff", **{**NEW, **wrong})
    assert status == 422
    assert said in visible(html)
    assert 'aria-invalid="true"' in html
    assert "kim@example.org" in html or "mail" in wrong, "what was typed is kept"
    assert len(await service.database.read(lambda conn: people.all_staff(conn, service.vault))) == 1


# Changing -------------------------------------------------------------------------------------------------------------


async def test_name_mail_and_language_change_without_a_new_sign_in(service: World) -> None:
    adam, anna = await service.staff("Adam", "administrator"), await service.staff("Anna")
    async with service.browsing(adam) as browser, service.browsing(anna) as hers:
        fields = {**NEW, "name": "Anna Lie", "mail": "anna.lie@example.org", "language": "nb"}
        status, html = await sent(browser, f"/staff/{anna}", **fields)
        assert status == 200
        assert "It is saved." in visible(html)
        assert (await hers.get("/people")).status == 200, "she stays signed in"
    changed = (await member(service, anna)).staff
    assert (changed.name, changed.mail, changed.language) == ("Anna Lie", "anna.lie@example.org", "nb")
    records = await service.database.read(lambda conn: audit.since(conn, "staff.changed", NOW))
    assert [one.details for one in records] == [{"staff": anna, "changed": ["name", "mail", "language"]}]


async def test_the_address_before_hears_that_mail_goes_elsewhere(service: World) -> None:
    adam, anna = await service.staff("Adam", "administrator"), await service.staff("Anna", language="nb")
    kept = Postbox()
    async with service.browsing(adam) as browser:
        outgoing = browser.app[DESK].outgoing
        outgoing.post = Post(kept, "medvind@example.org", "https://medvind.example.org")
        fields = {"name": "Anna", "role": "specialist", "language": "en"}
        for mail in ("ANNA@example.org", "anna.lie@example.org"):
            assert (await sent(browser, f"/staff/{anna}", mail=mail, **fields))[0] == 200
            await outgoing.settled()
        await sent(browser, f"/staff/{anna}", **fields, mail="no address")
        await outgoing.settled()
        texts = service.catalogs.ui("en")
    (told,) = kept.mails
    assert (told["To"], told["Subject"]) == ("ANNA@example.org", texts["staff/address.mail_subject"])
    assert texts["staff/address.mail_changed"] in told.get_content()
    assert "anna.lie" not in told.as_string()


async def test_another_role_ends_sessions_and_leaves_nobody_with_whoever_is_no_specialist(service: World) -> None:
    adam, anna = await service.staff("Adam", "administrator"), await service.staff("Anna")
    sara = await service.person("S.K.", anna)
    async with service.browsing(adam) as browser, service.browsing(anna) as hers:
        status, html = await sent(browser, f"/staff/{anna}", **{**NEW, "role": "coordinator"})
        assert status == 200
        assert "1 participant has no specialist now. Coordinators see it." in visible(html)
        assert (await hers.get("/people")).status == 401
    assert await service.database.read(lambda conn: people.specialist_of(conn, sara)) is None
    assert (await member(service, anna)).staff.role == "coordinator"


async def test_nobody_takes_their_own_role_away_and_the_last_administrator_stays(service: World) -> None:
    adam = await service.staff("Adam", "administrator")
    async with service.browsing(adam) as browser:
        status, html = await sent(browser, f"/staff/{adam}", **{**NEW, "name": "Adam", "role": "auditor"})
        assert status == 422
        assert "You cannot take your own role away." in visible(html)
        status, html = await sent(browser, f"/staff/{adam}/disable")
        assert status == 422
        status, html = await sent(browser, f"/staff/{adam}", **{**NEW, "name": "Adam Å", "role": "administrator"})
        assert status == 200, "the own name can be changed"
    assert (await member(service, adam)).active
    me = (await member(service, adam)).staff
    other = Staff(999, "Somebody", "s@example.org", "administrator", "en", "UTC", "12345", "08:00")

    def last(conn: Connection, by: Staff) -> None:
        rules.disable(conn, service.vault, adam, by, NOW)

    for by, reason in ((me, "self"), (other, "last")):
        with pytest.raises(rules.NotChanged) as refused:
            await service.database.write(lambda conn, by=by: last(conn, by))  # type: ignore[misc]
        assert refused.value.reason == reason
    await service.staff("Eve", "administrator")
    await service.database.write(lambda conn: last(conn, other))
    assert not (await member(service, adam)).active


# Leaving --------------------------------------------------------------------------------------------------------------


async def test_whoever_leaves_loses_everything_at_one_instant(service: World) -> None:
    adam, anna, bo = [await service.staff(*who) for who in (("Adam", "administrator"), ("Anna",), ("Bo",))]
    noor = await service.staff("Noor", "coordinator")
    sara = await service.person("S.K.", anna)
    await service.share(sara, line("good", "rested"), at=YESTERDAY)

    def fill(conn: Connection) -> None:
        reflections.begin(conn, service.vault, anna, dialogue="own", version=1, session=b"x", now=NOW)
        staff_addresses.put(conn, service.vault, anna, "telegram:1", "55", NOW)
        leave.put(conn, Leave(bo, date(2025, 5, 12), date(2025, 5, 16), anna), date(2025, 5, 6))

    await service.database.write(fill)
    at_digest = NOW
    assert await service.database.read(lambda conn: due_digests(conn, at_digest, service.is_holiday)) == [[anna]]
    async with service.browsing(adam) as browser, service.browsing(anna) as hers, service.browsing(noor) as office:
        link = await service.link(anna, "another-link")
        said = visible(await page(await browser.get(f"/staff/{anna}")))
        assert "1 participant has no specialist then. Coordinators see it." in said
        html = await page(await browser.get(f"/staff/{anna}"))
        assert f'action="/staff/{anna}/disable"' in html
        status, html = await sent(browser, f"/staff/{anna}/disable")
        assert status == 200
        assert "Anna is not on the staff any more." in visible(html)
        assert (await hers.get("/people")).status == 401
        assert (await hers.get(link)).status == 404
        assert "Without a specialist" in visible(await page(await office.get("/participants")))
        status, html = await sent(browser, f"/staff/{anna}/disable")
        assert status == 200, "a second press changes nothing"

    def left(conn: Connection) -> list[object]:
        count = select(func.count()).select_from
        return [
            due_digests(conn, at_digest, service.is_holiday),
            conn.scalar(count(schema.reflection)),
            conn.scalar(count(schema.staff_address)),
            people.specialist_of(conn, sara),
            leave.leaves(conn, [bo])[bo][0].cover_id,
        ]

    assert await service.database.read(left) == [[], 0, 0, None, None]
    assert await done(service) == [(f"staff:{adam}", "staff.disabled")]
    records = await service.database.read(lambda conn: audit.records(conn, sara))
    assert (records[-1].action, records[-1].details) == ("specialist changed", {"from": anna, "to": None})


async def test_whoever_comes_back_accompanies_nobody_and_needs_a_new_link(service: World) -> None:
    adam, anna = await service.staff("Adam", "administrator"), await service.staff("Anna")
    sara = await service.person("S.K.", anna)
    async with service.browsing(adam) as browser:
        await sent(browser, f"/staff/{anna}/disable")
        said = visible(await page(await browser.get("/staff")))
        assert said.index("Not here any more") < said.index("Anna")
        assert "Make a link" not in visible(await page(await browser.get(f"/staff/{anna}")))
        refused, html = await sent(browser, f"/staff/{anna}/entrance", why="Lost it")
        assert refused == 422
        assert "This person is not on the staff any more." in visible(html)
        status, html = await sent(browser, f"/staff/{anna}/enable")
        assert status == 200
        assert "Anna is on the staff again. Make a link for signing in." in visible(html)
        await sent(browser, f"/staff/{anna}/enable")
    assert (await member(service, anna)).active
    assert await service.database.read(lambda conn: people.specialist_of(conn, sara)) is None
    assert [action for _, action in await done(service)] == ["staff.disabled", "staff.enabled"]


# Ways in --------------------------------------------------------------------------------------------------------------


async def test_sessions_end_everywhere(service: World) -> None:
    adam, anna = await service.staff("Adam", "administrator"), await service.staff("Anna")
    async with service.browsing(adam) as browser, service.browsing(anna) as hers, service.browsing(anna) as phone:
        status, html = await sent(browser, f"/staff/{anna}/sessions")
        assert status == 200
        assert "All browsers are signed out." in visible(html)
        assert [(await each.get("/people")).status for each in (hers, phone)] == [401, 401]
    assert await done(service) == [(f"staff:{adam}", "staff.signed_out")]


async def test_a_lost_factor_is_replaced_with_a_reason_and_the_person_is_told(service: World) -> None:
    adam, anna = await service.staff("Adam", "administrator"), await service.staff("Anna")
    async with service.browsing(adam) as browser, service.browsing(anna) as hers:
        status, html = await sent(browser, f"/staff/{anna}/entrance", why="  ")
        assert status == 422
        assert "Write in a few words why." in visible(html)
        status, html = await sent(browser, f"/staff/{anna}/entrance", why="x" * 301)
        assert status == 422
        status, html = await sent(browser, f"/staff/{anna}/entrance", why="The phone  was stolen")
        assert status == 200
        assert "/enrol#" in html
        assert (await hers.get("/people")).status == 401, "what was used before opens nothing"
    records = await service.database.read(lambda conn: audit.since(conn, "staff.entrance_renewed", NOW))
    assert [one.details for one in records] == [{"staff": anna, "why": "The phone was stolen"}]
    kept = Postbox()
    post = Post(kept, "medvind@example.org", "https://medvind.example.org")
    notices = StaffNotices(service.database, service.vault, service.catalogs, post, lambda: service.now)  # type: ignore[arg-type]
    for group in await notices.find():
        await notices.do(group)
    (mail,) = kept.mails
    assert (mail["To"], mail["Subject"]) == ("anna@example.org", "A new way to sign in")
    assert "stolen" not in mail.get_content()
    assert "If you did not ask for this, call" in mail.get_content()


async def test_whoever_never_was_on_the_staff_is_not_found(service: World) -> None:
    adam = await service.staff("Adam", "administrator")
    async with service.browsing(adam) as browser:
        for number in ("999", "x", "0", "9" * 30):
            assert (await browser.get(f"/staff/{number}")).status == 404
            for act in ("", "/disable", "/enable", "/sessions", "/entrance"):
                status, _ = await sent(browser, f"/staff/{number}{act}", **NEW, why="Lost")
                assert status == 404, (number, act)


async def test_what_matters_wants_a_proof_of_a_moment_ago(service: World) -> None:
    adam, anna = await service.staff("Adam", "administrator"), await service.staff("Anna")
    async with service.browsing(adam) as browser:
        service.now = NOW + timedelta(minutes=20)
        html = await page(await browser.get("/staff"))
        assert 'href="/confirm?back=/staff"' in html
        assert 'id="mail"' not in html, "nothing is typed in vain"
        seen = await browser.get(f"/staff/{anna}", allow_redirects=False)
        assert (seen.status, seen.headers["Location"]) == (303, f"/confirm?back=/staff/{anna}")
        added = await browser.post("/staff", data=NEW, headers=SAME_SITE, allow_redirects=False)
        assert (added.status, added.headers["Location"].partition("?")[0]) == (303, "/confirm")
        for act in ("", "/disable", "/enable", "/entrance"):
            answer = await browser.post(
                f"/staff/{anna}{act}", data={**NEW, "why": "Lost"}, headers=SAME_SITE, allow_redirects=False
            )
            assert answer.status == 303, act
            assert answer.headers["Location"].startswith("/confirm"), act
    assert await done(service) == []


# Settings -------------------------------------------------------------------------------------------------------------


async def test_settings_are_shown_without_secrets(service: World, tmp_path: Path) -> None:
    adam = await service.staff("Adam", "administrator")
    set_to = Settings(
        folder=tmp_path / "other",
        key="A" * 43 + "=",
        smtp_password="hunter2",
        telegram_tokens="12345678:" + "A" * 30,
        database_url="postgresql://medvind:opensesame@db.example/medvind?sslpassword=tellnobody",
    )
    async with service.visitor() as browser:
        browser.app._frozen = False
        browser.app[SETTINGS] = set_to
        link = await service.link(adam, "settings-link")
        await browser.post(link, headers=SAME_SITE, allow_redirects=False)
        html = await page(await browser.get("/settings"))
    for secret in ("A" * 43, "hunter2", "A" * 30, "opensesame", "tellnobody"):
        assert secret not in html
    assert "postgresql://medvind:***@db.example/medvind" in html
    assert "Set. It is not shown." in html
    assert "MD001" in html, "the doctor's findings stand there"
    records = await service.database.read(lambda conn: audit.since(conn, "settings read", NOW))
    assert [one.actor for one in records] == [f"staff:{adam}"]


async def test_without_settings_the_page_says_so(service: World) -> None:
    adam = await service.staff("Adam", "administrator")
    async with service.browsing(adam) as browser:
        assert "This cannot be looked at now." in visible(await page(await browser.get("/settings")))


async def test_an_administrator_says_which_languages_a_translator_has(service: World) -> None:
    adam, tara = await service.staff("Adam", "administrator"), await service.staff("Tara", "translator")
    async with service.browsing(adam) as browser:
        assert "Languages to review" not in visible(await page(await browser.get(f"/staff/{adam}")))
        assert "languages that Tara has as their own" in visible(await page(await browser.get(f"/staff/{tara}")))
        chosen = [("reviews", "uk"), ("reviews", "fa_AF"), ("reviews", "xx")]
        for given, kept in ((chosen, ("fa_AF", "uk")), (chosen, ("fa_AF", "uk")), ([("nothing", "")], ())):
            answer = await browser.post(f"/staff/{tara}/reviews", data=given, headers=SAME_SITE)
            assert answer.status == 200
            assert (await member(service, tara)).staff.reviews == kept
        assert (await browser.post("/staff/999/reviews", data=chosen, headers=SAME_SITE)).status == 404
    records = await service.database.read(lambda conn: audit.since(conn, "staff.changed", NOW))
    assert [one.details for one in records] == [
        {"staff": tara, "changed": ["reviews"], "reviews": languages} for languages in (["fa_AF", "uk"], [])
    ]
    async with service.browsing(await service.staff("Olga", "auditor")) as browser:
        assert "Languages to review: fa_AF, uk" in visible(await page(await browser.get("/log")))
