"""No text for staff is written in the program: in a pseudo-language no page, no answer to a form and no mail of theirs
has a plain word."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiohttp import ClientResponse, FormData
from aiohttp.test_utils import TestClient, TestServer

from bot.catalogs import Catalogs
from bot.catalogs.language import RIGHT_TO_LEFT
from bot.catalogs.pseudo import PSEUDO
from bot.config import LOCALES
from bot.staff_notices import PLACES as NOTICES
from dialogues import loader
from storage import audit, hours, staff_notices
from tests.bot.all_forms import PageForm, all_forms
from tests.bot.digest_samples import NOW
from tests.bot.plain_text import loose_names, plain_on_page, plain_words
from tests.bot.pseudo_data import DATA, PLACES, names_in, of_the_programme, own_names
from tests.bot.route_rights import BEFORE_A_SESSION, ROLES
from tests.bot.sign_in_world import door
from tests.bot.staff_world import CHECKIN, SAME_SITE, World, world
from tests.bot.test_emergency import notices, told
from tests.bot.test_mailing import Postbox, send
from tests.bot.test_route_matrix import RELATIONS, RIGHTS, Office, console, sharing

TAG = RIGHT_TO_LEFT.replace("_", "-")
"""From right to left, what stands from left to right are names in the program and no sentences."""
WISHED = {"Accept-Language": TAG}
NAMES = {"O.O.", "Name of", "Extra", *(role.title() for role in ROLES)}
"""Of people on these pages."""
ENDS_IT = ("/sign-out", "/account/sessions/end", "/account/language", "/disable", "/sessions")
"""Forms after which somebody is not there any more, or reads something else."""
LOGGED = {"staff": 1, "from": "2025-05-05", "until": "2025-05-05T08:00:00+00:00", "role": "auditor", "how": "passkey"}
"""Details of something that was done: a name, days, and what stands there as it was written down."""


def loaded() -> Catalogs:
    """Languages that staff can choose, and the pseudo-languages."""
    return Catalogs.load(LOCALES, allow_drafts=True, only=["nb"], with_pseudo=True)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path) as made:
        made.catalogs = loaded()
        yield made


@dataclass
class Reader:
    """Looks at every page for plain words, and keeps the first form of each kind with whose it is."""

    data: Collection[str]
    plain: dict[str, list[str]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    statuses: set[int] = field(default_factory=set)
    forms: dict[tuple[object, ...], tuple[str, PageForm]] = field(default_factory=dict)

    async def look(self, what: str, answer: ClientResponse, role: str = "") -> None:
        """Read one answer. What is no page has no sentences for people."""
        if answer.content_type != "text/html":
            return
        html = await answer.text()
        self.seen.add(what)
        self.statuses.add(answer.status)
        assert f'lang="{TAG}"' in html, what
        if words := plain_on_page(html, TAG, self.data) + loose_names(html, NAMES):
            self.plain[f"{role} {what}: {answer.status}"] = words
        for form in all_forms(html):
            names = (name for name, _ in (*form.fixed, *form.typed))
            wanted = dict(form.fixed).get("do", ""), re.sub(r"\d+", "0", form.action)
            self.forms.setdefault((*wanted, *names, len(form.buttons)), (role, form))


async def test_no_page_of_the_staff_and_no_answer_to_a_form_is_plain(service: World) -> None:
    """Every page of every role, and what comes back from every form on them: as it stands, and with a wrong word in
    each field. What a role may not open is answered too."""
    staff = {role: await service.staff(role.title(), role, language=RIGHT_TO_LEFT) for role in ROLES}
    own = await sharing(service, "O.O.", staff["specialist"])
    logged = {"at": NOW, "actor": "system", "action": "erased", "details": LOGGED}
    await service.database.write(lambda conn: audit.record(conn, **logged))  # type: ignore[arg-type]
    known: Mapping[str, int] = {"own": own} | dict.fromkeys(RELATIONS, own)
    names = set(names_in(loader.load(CHECKIN)))
    reader = Reader(frozenset(DATA | NAMES | own_names(loaded()) | of_the_programme() | names | PLACES))
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(TestServer(console(service)))
        browsers = {}
        for role, member in staff.items():
            browsers[role] = await stack.enter_async_context(TestClient(server, headers=WISHED))
            await browsers[role].post(await service.link(member, f"{role}-in"), headers=SAME_SITE)
        office = Office(browsers, known, await service.staff("Extra", "translator"))
        for route, roles in RIGHTS.items():
            if route.startswith("GET "):
                for role in (*roles, *sorted(set(ROLES) - set(roles))[:1]):
                    await reader.look(route, await office.ask(role, route), role)
        for role, form in list(reader.forms.values()):
            if form.method != "POST" or form.takes_files or form.action.endswith(ENDS_IT):
                continue
            for words in ("?", None):
                for fields in form.sent(words):
                    answer = await browsers[role].post(form.action, data=FormData(fields), headers=SAME_SITE)
                    await reader.look(f"POST {form.action} {fields}", answer, role)
    assert reader.plain == {}
    assert len(reader.seen) > 100
    assert reader.statuses >= {200, 404, 409, 422}


async def test_no_page_before_a_session_and_no_code_by_mail_is_plain(tmp_path: Path) -> None:
    reader = Reader(frozenset(DATA | own_names(loaded()) | {"Anna", "K7QF-2M9T"}))
    async with door(tmp_path, catalogs=loaded()) as at, at.browser() as browser:  # type: ignore[arg-type]
        browser.headers.update({**WISHED, **SAME_SITE})
        anna = await at.with_app()
        await at.service.database.write(lambda conn: hours.set_language(conn, anna, RIGHT_TO_LEFT))

        async def goes(address: str, **fields: str) -> None:
            await reader.look(address, await browser.post(address, data=fields))

        for route in (route for route in BEFORE_A_SESSION if route.startswith("GET ")):
            await reader.look(route, await browser.get(route.removeprefix("GET ").format(token="none", name="none")))
        await goes("/s/none")
        await goes("/enrol", token="none")
        await goes("/enrol", token=await at.invited(anna))
        await goes("/enrol/app", code="1")
        await goes("/sign-in/code", code="1")
        await goes("/sign-in", mail="nobody")
        await goes("/sign-in", mail="anna@example.org")
        await goes("/sign-in/code", code="1")
        code = await at.code()
        await goes("/sign-in/code", code=code)
        await goes("/sign-in/second", code="1")
        await goes("/sign-in/second", code=at.shown())
        await goes("/sign-out")
        (mail,) = at.letters.sent
    assert reader.plain == {}
    assert reader.statuses >= {200, 404, 422}
    assert _plain_in(mail, code) == []


@pytest.mark.parametrize("code", PSEUDO)
async def test_no_mail_is_plain(service: World, code: str) -> None:
    """The mail of a day, and what staff are told at once."""
    anna = await service.staff("Anna", language=code)
    await sharing(service, "O.O.", anna)
    postbox = Postbox()
    await send(service, postbox, NOW)
    details = {"by": anna, "at": NOW.isoformat(), "until": NOW.isoformat()}
    for kind in NOTICES:
        await service.database.write(lambda conn, kind=kind: staff_notices.put(conn, [anna], kind, details, NOW))
    await told(notices(service, postbox))  # type: ignore[arg-type]
    assert len(postbox.kept) == 1 + len(NOTICES)
    assert [_plain_in(mail) for mail in postbox.kept] == [[]] * len(postbox.kept)


def _plain_in(mail: EmailMessage, code: str = "") -> list[str]:
    """Plain words in what somebody reads of a mail."""
    return [
        word
        for text in (str(mail["Subject"]), mail.get_content())
        for word in plain_words(text, {"Anna", code or "Anna"})
    ]
