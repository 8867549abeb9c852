"""The pages of the programme: one coordinator changes it, and another agrees to what nobody changes alone."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from sqlalchemy import Connection, insert, select

from bot.programme import InForce
from bot.programme.following import refresh
from bot.programme.versions import bring_in, readable
from bot.publishing import publish, read_folder
from storage import programmes, schema
from tests.bot.digest_samples import NOW
from tests.bot.page_forms import Seen
from tests.bot.staff_world import SAME_SITE, World, world
from tests.bot.test_programme_parts import REAL
from tests.bot.turn_world import catalogs

CALLED = REAL.replace("cost: free", "cost: free\n      checked on: 2025-05-01").replace(
    "cost: normal", "cost: normal\n      checked on: 2025-05-01"
)
_TEXTS = r'<textarea id="[^"]*"[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>'
SCRIPTS = Path(__file__).parents[2] / "dialogues" / "scripts"
TEXT = CALLED.replace("2026-01-31", "2025-01-31")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The shipped scripts as they are stored, which takes a while to make."""
    version = schema.script_version

    def stored(conn: Connection) -> list[dict[str, Any]]:
        publish(conn, read_folder(SCRIPTS), catalogs(), by="start", now=NOW)
        return [dict(row) for row in conn.execute(select(version).where(version.c.dialogue != "checkin")).mappings()]

    async def make() -> list[dict[str, Any]]:
        async with world(tmp_path_factory.mktemp("prepared")) as made:
            return await made.database.write(stored)

    return asyncio.run(make())


@pytest.fixture
async def service(tmp_path: Path, prepared: list[dict[str, Any]]) -> AsyncIterator[World]:
    """A service that is no example, with the shipped scripts published, and its file beside it."""
    async with world(tmp_path) as made:

        def begin(conn: Connection) -> None:
            conn.execute(insert(schema.script_version), prepared)
            bring_in(conn, made.vault, TEXT, NOW.date(), NOW)

        await made.database.write(begin)
        made.programme_file = tmp_path / "programme.yaml"
        made.programme_file.write_text(TEXT, encoding="utf-8")
        made.in_force = InForce(readable(TEXT), 1)
        yield made


async def page(answer: ClientResponse, status: int = 200) -> str:
    assert answer.status == status, await answer.text()
    return " ".join(Seen(await answer.text()).words.replace("\u2068", "").replace("\u2069", "").split())


async def press(browser: Any, button: str, address: str = "/programme", **typed: str) -> ClientResponse:
    """Press a button on a page as it is now, with something typed."""
    form = Seen(await (await browser.get(address)).text()).form(button)
    fields = {**dict(form.sent(button)), **typed}
    return await browser.post(form.action, data=fields, headers=SAME_SITE)  # type: ignore[no-any-return]


async def keep(browser: Any, part: str, **changed: str) -> ClientResponse:
    """Send one part's form with some fields changed. Dots and spaces are written as __ and _."""
    html = await (await browser.get(f"/programme/{part}")).text()
    fields = dict(re.findall(r'<input id="[^"]*" name="([^"]+)"[^>]* value="([^"]*)" maxlength', html))
    fields |= {
        name: next(iter(re.findall(r'<option value="([^"]*)" selected>', body)), "")
        for name, body in re.findall(r'<select id="[^"]*" name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL)
    }
    fields |= {
        name: value.replace("&#39;", "'")
        for name, value in re.findall(
            r'<textarea id="[^"]*"[^>]* name="([^"]+)"[^>]*>\n?(.*?)</textarea>', html, re.DOTALL
        )
    }
    fields |= dict.fromkeys(re.findall(r'name="([^"]+)"[^>]* value="yes" checked', html), "yes")
    assert not {name.replace("__", ".").replace("_", " ") for name in changed} - fields.keys() - {"text"}
    fields |= {name.replace("__", ".").replace("_", " "): value for name, value in changed.items()}
    return await browser.post(f"/programme/{part}", data=fields, headers=SAME_SITE)  # type: ignore[no-any-return]


async def latest(service: World) -> programmes.Version:
    found = await service.database.read(lambda conn: programmes.latest(conn, service.vault))
    assert found is not None
    return found


async def actions(service: World) -> list[str]:
    audit = schema.audit
    found = await service.database.read(lambda conn: list(conn.scalars(select(audit.c.action).order_by(audit.c.id))))
    return [each for each in found if each.startswith("programme.")]


async def test_the_page_shows_what_is_in_force(service: World) -> None:
    async with service.browsing(await service.staff("Noor", "coordinator")) as browser:
        shown = await page(await browser.get("/programme"))
        assert "Version 1, in force since" in shown
        assert "from the programme file" in shown
        assert "Nobody has signed that answers are not monitored." in shown
        assert "Help" in shown
        assert "somebody" not in shown
        text = await page(await browser.get("/programme/versions/1"))
        assert "Kari Nordmann" in text
        assert (await browser.get("/programme/versions/2")).status == 404


async def test_keeping_a_form_as_it_is_changes_nothing(service: World) -> None:
    async with service.browsing(await service.staff("Noor", "coordinator")) as browser:
        for part in ("service", "help", "statements", "role", "dialogues", "text"):
            shown = await page(await keep(browser, part))
            assert "It says the same as what is in force." in shown, part
            assert "Bring into force" not in shown, part


async def test_what_one_may_change_is_in_force_at_once_and_in_every_process(service: World) -> None:
    elsewhere = InForce(readable(TEXT), 1)
    heard: list[str] = []
    elsewhere.follow(lambda programme: heard.append(programme.service))
    async with service.browsing(await service.staff("Noor", "coordinator")) as browser:
        shown = await page(await keep(browser, "service", service="Vind"))
        assert "Name of the service: Vind. Before: Medvind." in shown
        assert "come with the next start" not in shown
        await keep(browser, "service", languages="en, nb")
        assert "come with the next start" in await page(await browser.get("/programme"))
        await keep(browser, "service", languages="en, nb، ar, uk")
        shown = await page(await press(browser, "Bring into force", note="Shorter."))
        assert "It is in force now." in shown
        assert "Version 2" in shown
        assert "by Noor" in shown
    version = await latest(service)
    assert (readable(version.text).service, version.by.startswith("staff:"), version.second) == ("Vind", True, "")
    assert version.note == "Shorter."
    assert service.in_force is not None
    assert service.in_force.programme.service == "Vind"
    assert await refresh(service.database, service.vault, elsewhere)
    assert not await refresh(service.database, service.vault, elsewhere), "once is enough"
    assert heard == ["Vind"]
    assert await actions(service) == ["programme.published"]


async def test_a_help_number_takes_another_coordinator_who_sees_what_changes(service: World) -> None:
    noor, bo = await service.staff("Noor", "coordinator"), await service.staff("Bo", "coordinator")
    async with service.browsing(noor) as hers:
        await keep(hers, "help", help__ambulance="112")
        waits = await page(await press(hers, "Ask another coordinator", note="They moved."))
        assert "It waits for another coordinator to agree." in waits
        assert "Agree and bring into force" not in waits
        number = (await _waiting(service)).id
        mark = (await _waiting(service)).mark
        own = await hers.post(f"/programme/drafts/{number}", data={"act": "agree", "mark": mark}, headers=SAME_SITE)
        assert "Somebody else has to agree" in await page(own, 409)
    assert (await latest(service)).version == 1
    async with service.browsing(bo) as his:
        shown = await page(await his.get("/programme"))
        assert "Noor wants to change the programme" in shown
        assert "They moved." in shown
        assert "Number for danger to life: 112. Before: 113." in shown
        assert "Two people decide about this: Help." in shown
        wrong = await his.post(f"/programme/drafts/{number}", data={"act": "agree", "mark": "x"}, headers=SAME_SITE)
        assert "Nothing was done" in await page(wrong, 409)
        assert "It is in force now." in await page(await press(his, "Agree and bring into force"))
        assert "by Noor and Bo" in await page(await his.get("/programme"))
    version = await latest(service)
    assert (version.by, version.second, readable(version.text).ambulance) == (f"staff:{noor}", f"staff:{bo}", "112")
    assert await actions(service) == ["programme.proposed", "programme.published"]


async def _waiting(service: World) -> programmes.Draft:
    (one,) = await service.database.read(lambda conn: programmes.waiting(conn, service.vault))
    return one


async def test_who_declines_says_why_and_nothing_changes(service: World) -> None:
    noor, bo = await service.staff("Noor", "coordinator"), await service.staff("Bo", "coordinator")
    async with service.browsing(noor) as hers, service.browsing(bo) as his:
        await keep(hers, "statements", statements__no_consequence__signed_by="Somebody")
        await press(hers, "Ask another coordinator")
        await press(his, "Do not agree", words="Kari has to sign it.")
        shown = await page(await hers.get("/programme"))
        assert "Bo did not agree to your draft." in shown
        assert "Kari has to sign it." in shown
        assert "wants to change" not in await page(await his.get("/programme"))
    assert (await latest(service)).version == 1
    assert await actions(service) == ["programme.proposed", "programme.declined"]


async def test_a_draft_of_yesterday_is_looked_at_again(service: World) -> None:
    noor, bo = await service.staff("Noor", "coordinator"), await service.staff("Bo", "coordinator")
    async with service.browsing(noor) as hers, service.browsing(bo) as his:
        await keep(hers, "help", help__ambulance="112")
        await press(hers, "Ask another coordinator")
        mark = (await _waiting(service)).mark
        await keep(his, "service", service="Vind")
        await press(his, "Bring into force")
        shown = await page(await his.get("/programme"))
        assert "Agree and bring into force" not in shown
        gone = await his.post(
            f"/programme/drafts/{(await _waiting(service)).id}", data={"act": "agree", "mark": mark}, headers=SAME_SITE
        )
        assert gone.status == 409
        shown = await page(await hers.get("/programme"))
        assert "The programme has changed since you wrote this." in shown
        assert "Name of the service: Medvind. Before: Vind." in shown, "what it would undo is said"
        shown = await page(await press(hers, "Keep it on top of the programme of now"))
        assert "Ask another coordinator" in shown
        assert "Throw the draft away" in shown
        await press(hers, "Throw the draft away")
        assert "Your draft" not in await page(await hers.get("/programme"))


async def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(service: World) -> None:
    async with service.browsing(await service.staff("Noor", "coordinator")) as browser:
        answer = await keep(browser, "help", help__lines__0__call="many", help__lines__1__checked_on="2030-01-01")
        html = await answer.text()
        assert answer.status == 422
        field = re.search(r'<input id="f-help-lines-0-call"[^>]*>', html)
        assert field is not None
        assert 'aria-invalid="true"' in field[0]
        assert 'value="many"' in field[0]
        assert 'aria-describedby="f-help-lines-0-call-wrong"' in field[0]
        assert "is not a phone number" in html
        assert "has not come yet" in html
        answer = await keep(browser, "text", text="service: [")
        assert answer.status == 422
        assert "Line " in await answer.text()
        assert "service: [" in await answer.text()
        assert await service.database.read(lambda conn: programmes.own_draft(conn, service.vault, 1)) is None


async def test_a_line_comes_and_goes_in_the_form(service: World) -> None:
    async with service.browsing(await service.staff("Noor", "coordinator")) as browser:
        new = {"name": "DPS", "about": "doctor", "call": "02 02", "hours": "Mon-Fri 08:00-15:30", "languages": "nb, en"}
        typed = {f"help__local__0__{key}": value for key, value in new.items()}
        shown = await page(await keep(browser, "help", help__lines__0__name="", **typed, help__local__0__cost="free"))
        assert "Help lines, Hjelpetelefonen, Mental Helse: nothing any more." in shown
        assert "Help lines of one place, DPS: doctor, 02 02" in shown
        assert "This is new." in shown


async def test_a_dialogue_that_is_not_there_stops_the_draft_and_a_topic_does_not(service: World) -> None:
    async with service.browsing(await service.staff("Noor", "coordinator")) as browser:
        shown = await page(await keep(browser, "dialogues", pulse="nothing_here"))
        assert "nothing_here was never published." in shown
        assert "Bring into force" not in shown
        mark = re.findall(r'name="mark" value="(\w+)"', await (await browser.get("/programme")).text())
        assert mark == []
        shown = await page(await keep(browser, "dialogues", pulse="pulse"))
        shown = await page(await keep(browser, "role", role_card__together=""))
        assert "The role card does not say whose" in shown
        assert "MV070" in shown
        assert "Ask another coordinator" in shown


async def test_the_file_on_the_server_and_an_earlier_version_can_be_taken_as_a_draft(service: World) -> None:
    assert service.programme_file is not None
    service.programme_file.write_text(TEXT.replace("ambulance: 113", "ambulance: 112"), encoding="utf-8")
    async with service.browsing(await service.staff("Noor", "coordinator")) as browser:
        shown = await page(await browser.get("/programme"))
        assert "The programme file on the server says something else about: Help." in shown
        assert "112. Before: 113" in await page(await press(browser, "Take the file as a draft"))
        await press(browser, "Take this version as a draft", "/programme/versions/1")
        assert "It says the same" in await page(await browser.get("/programme"))
        service.programme_file.write_text("nothing", encoding="utf-8")
        broken = await browser.post("/programme/draft/file", headers=SAME_SITE, data={"x": ""})
        assert broken.status == 422


async def test_in_an_example_one_is_enough(service: World) -> None:
    example = TEXT.replace("service: Medvind", "example: yes\nservice: Medvind")
    how = {"file": "", "by": "start", "now": NOW + timedelta(hours=1)}
    await service.database.write(lambda conn: programmes.publish(conn, service.vault, example, **how))
    async with service.browsing(await service.staff("Noor", "coordinator")) as browser:
        await keep(browser, "help", help__ambulance="112")
        assert "It is in force now." in await page(await press(browser, "Bring into force"))


@pytest.mark.parametrize("role", ["specialist", "administrator"])
async def test_nobody_else_has_these_pages(service: World, role: str) -> None:
    async with service.browsing(await service.staff("Anna", role)) as browser:
        for address in ("/programme", "/programme/help", "/programme/text", "/programme/versions/1"):
            assert (await browser.get(address)).status == 404, address
        for address in ("/programme/draft/send", "/programme/drafts/1", "/programme/versions/1", "/programme/help"):
            assert (await browser.post(address, data={"x": ""}, headers=SAME_SITE)).status == 404, address


async def test_a_world_without_versions_shows_no_forms(tmp_path: Path) -> None:
    async with world(tmp_path) as made:
        made.programme = replace(made.programme, example=False)
        async with made.browsing(await made.staff("Noor", "coordinator")) as browser:
            assert "Parts" not in await page(await browser.get("/programme"))
            assert (await browser.get("/programme/help")).status == 404
