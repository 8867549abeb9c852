"""``medvind publish`` by two accounts, what is written in the console meanwhile, and ``medvind translate pull``."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.app import opened
from bot.config import Settings
from bot.people_commands import add_staff
from bot.publish_command import BY, publish
from bot.publishing import NotPublished
from bot.pull_command import pull
from storage import people, publications, script_texts, scripts
from storage.publications import Content
from storage.refusal import StartRefused
from storage.script_texts import ScriptText
from tests.bot.own_script import TALK, write_script
from tests.bot.test_programme_commands import KEY, REAL

GUARDED = TALK.replace("label: ", "private: yes\n    label: ", 1)


@dataclass
class Service:
    """A deployment in a folder that is no example: its settings, and what commands said."""

    settings: Settings
    dialogue: str
    said: list[str] = field(default_factory=list)

    @property
    def file(self) -> Path:
        """The script."""
        return self.settings.scripts / f"{self.dialogue}.yaml"

    async def publish(self, script: str = "", by: str = BY, second: str = "") -> str:
        self.said.clear()
        await publish(self.settings, self.said.append, script, by, second)
        return "\n".join(self.said)

    async def latest(self) -> scripts.ScriptVersion:
        async with opened(self.settings, KEY, only="") as parts:
            found = await parts.database.read(lambda conn: scripts.latest(conn, self.dialogue))
        assert found is not None
        return found

    async def in_console(self, text: str) -> None:
        """What a coordinator publishes on the staff pages."""

        def work(conn: Connection, vault: publications.Vault, now: datetime) -> None:
            newest = scripts.latest(conn, self.dialogue)
            assert newest is not None
            content = {self.dialogue: Content({**newest.sources, self.dialogue: text}, newest.texts, newest.version)}
            noor = people.all_staff(conn, vault)[0].id
            number = publications.ask(
                conn,
                vault,
                dialogue=self.dialogue,
                revision=0,
                earlier=0,
                content=content,
                note="Console",
                staff_id=noor,
                now=now,
            )
            found = publications.get(conn, vault, number)
            assert found is not None
            publications.carry_out(conn, found, by=f"staff:{noor}", second_id=None, now=now)

        async with opened(self.settings, KEY) as parts:
            await parts.database.write(lambda conn: work(conn, parts.vault, parts.now()))


@pytest.fixture
async def service(tmp_path: Path) -> Service:
    key = tmp_path / "key"
    key.write_text(base64.b64encode(KEY).decode(), encoding="utf-8")
    key.chmod(0o600)
    folder = write_script(tmp_path, TALK)
    (tmp_path / "programme.yaml").write_text(REAL, encoding="utf-8")
    programme = tmp_path / "programme.yaml"
    (tmp_path / "locales").mkdir()
    settings = Settings(
        folder=tmp_path / "var", key_file=key, scripts=folder, programme=programme, locales=tmp_path / "locales"
    )
    made = Service(settings, next(folder.glob("*.yaml")).stem)
    await made.latest()
    for name, role in (("Noor", "coordinator"), ("Bo", "coordinator"), ("Sam", "specialist")):
        await add_staff(settings, print, name=name, mail=f"{name}@x.example", role=role, language="")
    return made


async def test_what_is_guarded_takes_the_mails_of_two_coordinators(service: Service) -> None:
    service.file.write_text(GUARDED, encoding="utf-8")
    with pytest.raises(StartRefused, match="two people have to publish it"):
        await service.publish()
    for second, reason in (
        ("Sam@x.example", "Sam is no coordinator"),
        ("noor@x.example", "the same person"),
        ("Kari", "the mail of nobody here"),
    ):
        with pytest.raises(StartRefused, match=reason):
            await service.publish(by="Noor@x.example", second=second)
    assert (await service.latest()).version == 1
    said = await service.publish(by="Noor@x.example", second="bo@x.example")
    assert f"{service.dialogue}: version 2, new" in said
    newest = await service.latest()
    assert newest.sources[service.dialogue] == GUARDED
    first, second = newest.published_by.split(", ")
    assert first != second
    assert first.startswith("staff:")
    assert second.startswith("staff:")


async def test_the_folder_leaves_alone_what_is_written_in_the_console(service: Service) -> None:
    await service.in_console(TALK + "\n# in the console\n")
    assert (await service.latest()).version == 2, "a start leaves it alone"
    assert "left alone, because it is written in the console" in await service.publish()
    assert "version 3, new" in await service.publish(service.dialogue)
    assert (await service.latest()).sources[service.dialogue] == TALK
    service.file.write_text(TALK + "\n# in the folder\n", encoding="utf-8")
    assert (await service.latest()).version == 4, "the folder is followed again"


async def test_a_mistake_in_the_folder_keeps_nobody_from_what_is_in_the_console(service: Service) -> None:
    await service.in_console(TALK + "\n# in the console\n")
    service.file.write_text("dialogue: x\n", encoding="utf-8")
    assert (await service.latest()).version == 2
    with pytest.raises(NotPublished):
        await service.publish(service.dialogue)


async def test_pulling_says_what_came_of_it(service: Service) -> None:
    said: list[str] = []
    await pull(service.settings, said.append)
    assert said == ["Nothing was translated in the console."]
    path = service.settings.locales / "nb" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text('msgid ""\nmsgstr "Language: nb\\n"\n\nmsgctxt "a/b"\nmsgid "Hi"\nmsgstr ""\n', encoding="utf-8")
    async with opened(service.settings, KEY) as parts:
        noor = (await parts.database.read(lambda conn: people.all_staff(conn, parts.vault)))[0].id
        given = ScriptText("nb", "a/b", "Hi", "Hei", "human draft", noor, parts.now())
        await parts.database.write(lambda conn: script_texts.put(conn, given) and None)
    said.clear()
    await pull(service.settings, said.append)
    assert said == ["nb: 1 texts entered"]
    assert 'msgstr "Hei"' in path.read_text(encoding="utf-8")
