"""``medvind programme``, a start beside a changed file, and what the doctor says of it."""

from __future__ import annotations

import base64
import logging
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection

from bot.app import Parts, now, opened, web_app
from bot.config import Settings
from bot.doctor import examine
from bot.messages import WEB, Inbound
from bot.people_commands import NotDone, add_staff
from bot.programme import read_programme
from bot.programme.following import refresh
from bot.programme_commands import publish, show
from bot.publish_command import publish as publish_scripts
from storage import people, programmes
from storage.refusal import StartRefused
from tests.bot.own_script import TALK, write_script
from tests.bot.test_command_line import OF_TALK

KEY = bytes(range(32))
REAL = OF_TALK.replace("example: yes\n", "")
TODAY = datetime.now(UTC).date()


@dataclass
class Service:
    """A deployment in a folder: its file, and what commands said."""

    settings: Settings
    said: list[str] = field(default_factory=list)

    def write(self, before: str = "", after: str = "") -> None:
        """The file, with one thing changed."""
        assert before in REAL
        self.settings.programme.write_text(REAL.replace(before, after) if before else REAL, encoding="utf-8")

    async def starts(self) -> tuple[str, str, int]:
        """Service and ambulance after a start, and the version."""
        async with opened(self.settings, KEY) as parts:
            return parts.programme.service, parts.programme.ambulance, parts.in_force.version

    async def publishes(self, by: str = "", second: str = "") -> str:
        self.said.clear()
        await publish(self.settings, self.said.append, by, second)
        return "\n".join(self.said)

    async def shows(self) -> str:
        self.said.clear()
        await show(self.settings, self.said.append)
        return "\n".join(self.said)


@pytest.fixture
async def service(tmp_path: Path) -> Service:
    """A service that is no example, with two coordinators, which was started once."""
    key = tmp_path / "key"
    key.write_text(base64.b64encode(KEY).decode(), encoding="utf-8")
    key.chmod(0o600)
    scripts = write_script(tmp_path, TALK)
    (tmp_path / "programme.yaml").write_text(REAL, encoding="utf-8")
    made = Service(
        Settings(folder=tmp_path / "var", key_file=key, scripts=scripts, programme=tmp_path / "programme.yaml")
    )
    await made.starts()
    for name in ("Noor", "Bo"):
        await add_staff(made.settings, print, name=name, mail=f"{name}@x.example", role="coordinator", language="")
    return made


async def test_a_start_goes_on_with_what_was_agreed_and_says_so(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.write("ambulance: 113", "ambulance: 112")
    with caplog.at_level(logging.WARNING):
        assert await service.starts() == ("Ved siden av", "113", 1 + 1)
    assert "programme.yaml differs from what was agreed to in: help." in caplog.text
    assert "medvind programme publish" in caplog.text
    report = await examine(service.settings, now())
    (found,) = [each for each in report.findings if each.code == "MD028"]
    assert found.sentence == "The programme file says something else about: help."
    with pytest.raises(NotDone, match=r"This changes help, so two coordinators .* --by MAIL --second MAIL"):
        await service.publishes()
    with pytest.raises(NotDone, match="same person"):
        await service.publishes("noor@x.example", "NOOR@x.example")
    with pytest.raises(NotDone, match="nobody here"):
        await service.publishes("noor@x.example", "kim@x.example")
    assert await service.publishes("noor@x.example", "bo@x.example") == ("Version 3 of the programme is in force, new.")
    assert await service.starts() == ("Ved siden av", "112", 3)
    assert "MD028" not in {each.code for each in (await examine(service.settings, now())).findings}
    shown = await service.shows()
    assert shown.startswith("# Version 3, since ")
    assert "by staff:1 and staff:2\n" in shown
    assert read_programme(shown, TODAY).ambulance == "112"


async def test_what_one_may_change_needs_no_names(service: Service) -> None:
    service.write("service: Ved siden av", "service: Vind")
    assert await service.publishes() == "Version 2 of the programme is in force, new."
    assert await service.publishes() == "Version 2 of the programme is in force, as before."
    assert await service.starts() == ("Vind", "113", 2)
    assert "by the programme file" in await service.shows()


async def test_a_dialogue_that_is_not_there_is_refused(service: Service) -> None:
    service.write("check-in: talk", "check-in: talk\npulse: nothing_here")
    with pytest.raises(NotDone, match=r"names nothing_here, which was never published"):
        await service.publishes()


async def test_before_the_first_start_there_is_nothing_to_show(tmp_path: Path, service: Service) -> None:
    other = service.settings.model_copy(update={"folder": tmp_path / "other"})
    with pytest.raises(NotDone, match="Nothing is in force yet"):
        await show(other, print)


async def test_the_doctor_goes_by_what_is_in_force(service: Service) -> None:
    """What two people agreed to on the pages counts, and not an older file."""
    checked = REAL.replace("cost: free}", f"cost: free, checked on: {TODAY}}}")

    def agreed(conn: Connection) -> None:
        programmes.publish(conn, parts.vault, checked, file="", by="staff:1", second="staff:2", now=now())

    before = {each.sentence for each in (await examine(service.settings, now())).findings if each.code == "MD027"}
    assert "Nobody has called this help line: One." in before
    async with opened(service.settings, KEY) as parts:
        await parts.database.write(agreed)
    after = {each.sentence for each in (await examine(service.settings, now())).findings if each.code == "MD027"}
    assert before - after == {f"Nobody has called this help line: {name}." for name in ("One", "Two")}


async def test_everything_that_shows_numbers_follows_without_a_restart(service: Service) -> None:
    about = {"name": "Sam", "pseudonym": "S.K.", "language": "en", "time_zone": "UTC", "now": now()}
    async with opened(service.settings, KEY) as parts, TestClient(TestServer(web_app(parts))) as browser:
        person = await parts.database.write(lambda conn: people.add_participant(conn, parts.vault, **about))
        assert ["113" in shown for shown in (await told(parts, person), await page(browser))] == [True, True]
        text = REAL.replace("ambulance: 113", "ambulance: 110")
        how = {"file": "", "by": "staff:1", "second": "staff:2", "now": now()}
        await parts.database.write(lambda conn: programmes.publish(conn, parts.vault, text, **how))
        assert await refresh(parts.database, parts.vault, parts.in_force)
        for shown in (await told(parts, person), await page(browser)):
            assert "110" in shown
            assert "113" not in shown
        assert parts.programme.ambulance == "110"


async def told(parts: Parts, person: int) -> str:
    """What somebody in the chat is told who asks for help."""
    receipt = await parts.turns.submit(Inbound(WEB, str(person), secrets.token_hex(4), now(), text="help"))
    return " ".join(message.text for _, message in receipt.messages)


async def page(browser: TestClient[web.Request, web.Application]) -> str:
    """What "Help now" shows."""
    return await (await browser.get("/help")).text()


async def test_a_file_that_says_it_is_an_example_lets_nobody_publish_alone(service: Service) -> None:
    """Neither the programme nor a script: what counts is what was agreed to."""
    service.write("service: Ved siden av", "example: yes\nservice: Ved siden av")
    with pytest.raises(NotDone, match="This changes example"):
        await service.publishes()
    write_script(service.settings.programme.parent, TALK.replace("what {specialist} will see", "what goes out"))
    with pytest.raises(StartRefused, match="so two people have to publish it"):
        await publish_scripts(service.settings, service.said.append, "talk", "", "")
    assert await service.starts() == ("Ved siden av", "113", 2)
