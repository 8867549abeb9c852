"""Every route of the staff pages, with every role and nobody, and in every relation to a person: from the router,
so that a new page without a stated right fails here."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer

from bot.app import opened, web_app
from bot.console.access import roles_of
from bot.console.menu import MENUS
from bot.console.turning import add_turning
from storage import leave, people
from storage.leave import Leave
from tests.bot.digest_samples import NOW, line
from tests.bot.route_rights import AREAS, BEFORE_A_SESSION, OF_THE_PERSON, ROLES
from tests.bot.staff_world import SAME_SITE, World, world

ROOT = Path(__file__).parents[2]
Browser = TestClient[web.Request, web.Application]
RIGHTS = {route: frozenset(area.roles) for area in AREAS for route in area.routes}
SHARED = datetime(2025, 5, 6, 6, 0, tzinfo=UTC)
SECRET = "Only for whom it was shared with"
RELATIONS = ("own", "covered", "another's", "former", "unassigned")

SAMPLES = {
    "day": "2025-05-05",
    "number": "1",
    "dialogue": "checkin",
    "language": "nb",
    "context": "checkin/week",
    "version": "1",
    "month": "2025-03",
    "part": "help",
    "name": "none.js",
    "token": "none",
}
"""What stands in an address where it is not about somebody."""

NOT_IN_THIS_WORLD = {
    "GET /recordings/{language}/{context}",
    "GET /own/{number}",
    "GET /publications/{number}",
    "GET /programme/versions/{number}",
    "GET /scripts/{dialogue}/history/{version}",
    "GET /programme/{part}",
}
"""Pages about one thing of many, of which there is none here."""


COSTLY = ("POST /account/codes",)
"""What takes a second on purpose is asked for once."""


class StillClock:
    """The clock of a demo in which nothing happens."""

    happened = ()
    is_turned = False

    def now(self) -> datetime:
        """The moment of all these tests."""
        return NOW

    async def turn(self, how: str) -> tuple[()]:
        """Nothing comes."""
        return ()


def routes(app: web.Application) -> dict[str, web.AbstractRoute]:
    """Every route by method and address, as the router has them."""
    found = {}
    for route in app.router.routes():
        assert route.resource is not None
        if route.method != "HEAD":
            found[f"{route.method} {route.resource.canonical}"] = route
    return found


def console(service: World) -> web.Application:
    """Everything that staff pages can have."""
    app = service.application(demo=True)
    add_turning(app, StillClock())  # type: ignore[arg-type]
    return app


@dataclass
class Office:
    """One application, a browser for each role and for nobody, and somebody in each relation to the specialist."""

    browsers: Mapping[str, Browser]
    people: Mapping[str, int]
    member: int

    def address(self, route: str, person: int) -> str:
        """The address of a route, about somebody."""
        given = {**SAMPLES, "person": str(person), "participant": str(person), "member": str(self.member)}
        return re.sub(r"\{(\w+)\}", lambda found: given[found[1]], route.partition(" ")[2])

    async def ask(
        self, who: str, route: str, form: Mapping[str, str] | None = None, person: int | None = None
    ) -> ClientResponse:
        """What this browser gets."""
        browser, method = self.browsers[who], route.partition(" ")[0]
        address = self.address(route, self.people["own"] if person is None else person)
        if method == "GET":
            return await browser.get(address, allow_redirects=False)
        return await browser.post(address, data=form or {"nothing": "x"}, headers=SAME_SITE, allow_redirects=False)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        yield made


@pytest.fixture
async def office(service: World) -> AsyncIterator[Office]:
    staff = {role: await service.staff(role.title(), role) for role in ROLES}
    lea, bo = await service.staff("Lea"), await service.staff("Bo")
    member = await service.staff("Extra", "translator")
    known = {
        "own": await sharing(service, "O.O.", staff["specialist"]),
        "covered": await sharing(service, "C.C.", lea),
        "another's": await sharing(service, "A.A.", bo),
        "former": await sharing(service, "F.F.", staff["specialist"]),
        "unassigned": await sharing(service, "U.U.", None),
    }
    away = Leave(lea, date(2025, 5, 5), date(2025, 5, 7), staff["specialist"])
    await service.database.write(lambda conn: leave.put(conn, away, date(2025, 5, 1)) and None)
    await service.database.write(lambda conn: people.assign(conn, known["former"], bo, NOW))
    async with AsyncExitStack() as stack:
        browsers = {}
        server = await stack.enter_async_context(TestServer(console(service)))
        for who in (*ROLES, "nobody"):
            browsers[who] = await stack.enter_async_context(TestClient(server))
            if who != "nobody":
                link = await service.link(staff[who], f"in-{who}")
                await browsers[who].post(link, headers=SAME_SITE, allow_redirects=False)
        yield Office(browsers, known, member)


async def sharing(service: World, pseudonym: str, specialist: int | None) -> int:
    """Somebody who asked for help, this morning, with this specialist."""
    person = await service.person(pseudonym, specialist)
    number = await service.checkin(person, SHARED)
    lines = (line("good", own=SECRET), line("help", "letters"))
    await service.share(person, *lines, at=SHARED, conversation=number)
    return person


# What is stated -------------------------------------------------------------------------------------------------------


async def test_every_route_has_a_stated_right_and_no_other(service: World) -> None:
    found = routes(console(service))
    stated = {**RIGHTS, **dict.fromkeys(BEFORE_A_SESSION, frozenset())}
    where = "State in tests/bot/route_rights.py who may open it"
    assert not sorted(found.keys() - stated.keys()), where
    assert not sorted(stated.keys() - found.keys()), "These are no routes any more"
    really = {name: roles_of(route.handler) for name, route in found.items()}
    different = {name: sorted(really[name]) for name, roles in stated.items() if really[name] != roles}
    assert not different, where


def test_nothing_is_stated_twice_and_every_role_has_something() -> None:
    listed = [route for area in AREAS for route in area.routes] + list(BEFORE_A_SESSION)
    assert len(listed) == len(set(listed))
    assert {role for area in AREAS for role in area.roles} == set(ROLES)
    about_somebody = {route for route in RIGHTS if "{person}" in route or "{participant}" in route}
    assert about_somebody == set(OF_THE_PERSON), "State for whom a page about one person exists"


def test_the_menu_leads_where_one_may_go() -> None:
    assert set(MENUS) == set(ROLES)
    for role, whole in MENUS.items():
        for entry in (*whole.daily, *whole.more):
            assert role in RIGHTS[f"GET {entry.address}"], (role, entry.address)


def test_the_page_about_roles_says_the_same() -> None:
    text = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \|([ ✓|]+)\|$", text, re.MULTILINE)
    said = [(does.strip(), [cell.strip() for cell in cells.split("|")]) for does, cells in rows]
    assert said == [(area.does, ["✓" if role in area.roles else "" for role in ROLES]) for area in AREAS]


async def test_the_rest_of_the_service_is_no_staff_page(tmp_path: Path) -> None:
    """What participants, machines and balancers reach asks for no session of staff."""
    from bot.config import Settings

    async with opened(Settings(folder=tmp_path), bytes(range(32))) as parts:
        found = routes(web_app(parts, tmp_path / "mail"))
    others = {name for name, route in found.items() if not route.handler.__module__.startswith("bot.console")}
    assert not {name for name in others if roles_of(found[name].handler)}
    for name in others - {"GET /console/static/{name}"}:
        assert re.match(r"(GET|POST) /($|c/|chat|me|mydata|static|audio|help|socket|telegram|healthz|readyz)", name), (
            name
        )


# What is so -----------------------------------------------------------------------------------------------------------


async def test_every_route_with_every_role_and_nobody(office: Office) -> None:
    """First all that is not for somebody, so that nothing was changed by then; afterwards what is."""
    names = {f"{mark}" for pseudonym in "OCAFU" for mark in (f"{pseudonym}.{pseudonym}.", f"Name of {pseudonym}")}
    for route, roles in RIGHTS.items():
        answer = await office.ask("nobody", route)
        assert answer.status == 401, route
        for role in sorted(set(ROLES) - roles):
            answer = await office.ask(role, route)
            assert answer.status == 404, (role, route)
            text = await answer.text()
            assert SECRET not in text, (role, route)
            assert not {name for name in names if name in text}, (role, route)
    for route, roles in RIGHTS.items():
        for role in sorted(roles)[: 1 if route in COSTLY else None]:
            answer = await office.ask(role, route)
            assert answer.status < 500, (role, route, await answer.text())
            assert answer.status not in (401, 403), (role, route)
            if route.startswith("GET") and not {"{person}", "{participant}"} & set(re.findall(r"\{\w+\}", route)):
                expected = (200, 303, 404) if route in NOT_IN_THIS_WORLD else (200, 303)
                assert answer.status in expected, (role, route, answer.status)


async def test_no_answer_leaves_the_pages_of_specialists(office: Office) -> None:
    for route, roles in RIGHTS.items():
        if route.startswith("GET"):
            for role in sorted(roles - {"specialist"}):
                answer = await office.ask(role, route)
                assert SECRET.encode() not in await answer.read(), (role, route)


FORMS = {
    "admit": {"answer": "yes", "channel": "telegram:1", "number": "0000"},
    "agreements": {"what": "We call", "who": "together", "by": "", "sign": ""},
    "{number}": {"revision": "1", "act": "drop"},
    "contact": {"day": "2025-05-05"},
    "reply": {"code": "talk_first"},
    "snooze": {"until": "2025-05-07"},
    "translation": {"words": "ab" * 32, "text": "Words"},
    "specialist": {"to": ""},
    "zone": {"zone": "Europe/Oslo"},
}
"""What is sent, by the end of the address. It would be taken where the person is one's own."""


async def test_every_page_about_one_person_in_every_relation(office: Office) -> None:
    html = await (await office.ask("specialist", "GET /people/{person}")).text()
    about = re.search(r'name="about" value="([^"]+)"', html)
    assert about is not None
    for route, expected in OF_THE_PERSON.items():
        ending = route.rpartition("/")[2]
        form = {**FORMS.get(ending, {}), **({"about": about[1]} if ending in ("reply", "snooze") else {})}
        for relation in reversed(RELATIONS):
            for role in sorted(RIGHTS[route]):
                answer = await office.ask(role, route, form, office.people[relation])
                assert (answer.status != 404) is (relation in expected), (route, relation, role, answer.status)
                assert answer.status < 500, (route, relation, role)
                if relation not in expected:
                    assert SECRET not in await answer.text(), (route, relation, role)


async def test_whom_the_specialist_may_not_open_somebody_else_may(service: World, office: Office) -> None:
    """The walk above would else say nothing: these people are there, and share."""
    everybody = await service.database.read(lambda conn: people.all_staff(conn, service.vault))
    bo = next(one.id for one in everybody if one.name == "Bo")
    anothers = RELATIONS[2]
    async with service.browsing(bo) as browser:
        html = await (await browser.get(f"/people/{office.people[anothers]}")).text()
        assert SECRET in html
        former = await browser.get(f"/people/{office.people['former']}")
        assert former.status == 200
        for relation in ("own", "covered", "unassigned"):
            assert (await browser.get(f"/people/{office.people[relation]}")).status == 404, relation
