"""``medvind staff``, ``invite`` and ``confirm``: as they are typed, and with a Telegram to ask for the bot's name."""

from __future__ import annotations

import base64
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.admission import Admission
from bot.app import now
from bot.config import EXAMPLE, Settings
from bot.invite_command import Asked, make
from bot.messages import decode_outbound
from bot.people_commands import NotDone, add_staff, confirm, deployment, list_staff, list_waiting, new_staff_link
from bot.signing_in import enrolling
from storage import addresses, audit, factors, people, schema, staff_sessions
from storage.database import Database
from storage.people import Who
from storage.vault import Vault
from tests.bot.own_script import ROOT, medvind
from tests.bot.turn_world import catalogs, opened
from tests.running_demo import nowhere
from tests.storage.databases import PostgresqlDatabases
from tests.telegram_stand_in import StandIn

KEY = base64.b64encode(bytes(range(32))).decode()
ONLY_NOW = "All this is shown only now."


@dataclass
class Keyboard:
    """Somebody who types commands. ``said`` is everything they were told."""

    settings: Settings
    said: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.said.append(line)

    async def told(self, doing: Any) -> str:
        """What was said by one command."""
        self.said.clear()
        await doing
        return "\n".join(self.said)

    async def staff(self, name: str = "Kim Berg", role: str = "specialist", language: str = "") -> str:
        mail = f"{name.split()[0].lower()}@example.org"
        return await self.told(add_staff(self.settings, self.say, name=name, mail=mail, role=role, language=language))

    async def invites(self, **asked: Any) -> str:
        return await self.told(make(self.settings, self.say, Asked(**asked)))

    async def sam(self, **asked: Any) -> str:
        """Invites somebody new, after a specialist was added."""
        await self.staff()
        return await self.invites(name="Sam", pseudonym="S.K.", **{"bot": "medvind_bot", **asked})

    async def confirms(self, participant: int, number: str) -> str:
        return await self.told(confirm(self.settings, self.say, participant, number))

    async def read(self, work: Callable[[Connection, Vault], Any]) -> Any:
        async with opened(self.settings.database(), bytes(range(32))) as (database, vault):
            return await database.read(lambda conn: work(conn, vault))

    async def write(self, work: Callable[[Connection, Vault], Any]) -> Any:
        async with opened(self.settings.database(), bytes(range(32))) as (database, vault):
            return await database.write(lambda conn: work(conn, vault))

    async def knocks(self, text: str, where: str = "100", channel: str = "telegram:7000000001") -> str:
        """What a stranger in a messenger is told."""
        async with opened(self.settings.database(), bytes(range(32))) as (database, vault):
            admission = Admission(database=database, vault=vault, catalogs=catalogs())
            told = await admission.knock(channel, where, text, "", now())
        return told.text if told else ""

    async def waits(self, told: str, where: str = "100") -> str:
        """Somebody opens the invitation: their number."""
        return "".join(re.findall(r"\d", await self.knocks(code_in(told), where)))


@pytest.fixture
def keyboard(tmp_path: Path) -> Keyboard:
    return Keyboard(Settings(folder=tmp_path / "var", key=KEY))  # type: ignore[arg-type]


def code_in(told: str) -> str:
    found = re.search(r"^  Code: ([0-9A-Z]{4}-[0-9A-Z]{4})$", told, re.MULTILINE)
    assert found, told
    return found[1]


def links_in(told: str) -> list[str]:
    return re.findall(r"^ +(https?://\S+)$", told, re.MULTILINE)


# Staff ---------------------------------------------------------------------------------------------------------------


async def test_staff_come_with_a_link_to_set_up_how_they_sign_in(keyboard: Keyboard) -> None:
    told = await keyboard.staff()
    assert told.startswith("Kim Berg is here now, as specialist with the number 1.\n")
    assert "MEDVIND_ADDRESS says how people reach the pages." in told
    (link,) = links_in(told)
    assert link.startswith("http://127.0.0.1:8080/enrol#")
    invited = await keyboard.read(lambda conn, vault: enrolling.invited(conn, vault, link, now()))
    assert invited is not None
    assert invited.id == 1
    staff = await keyboard.read(lambda conn, vault: people.staff(conn, vault, 1))
    assert (staff.mail, staff.language, staff.time_zone) == ("kim@example.org", "en", "Europe/Oslo")


async def test_the_link_is_that_of_the_settings(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path, key=KEY, address="https://checkin.example")  # type: ignore[arg-type]
    told = await Keyboard(settings).staff()
    assert links_in(told)[0].startswith("https://checkin.example/enrol#")
    assert "MEDVIND_ADDRESS" not in told


async def test_a_new_link_ends_the_old_one_the_sessions_and_what_somebody_signed_in_with(keyboard: Keyboard) -> None:
    (old,) = links_in(await keyboard.staff())

    def signs_in(conn: Connection, vault: Vault) -> None:
        factors.put_app(conn, vault, 1, "JBSWY3DPEHPK3PXP", 0, now())
        staff_sessions.start(conn, vault, 1, "c", "app", now(), now() + timedelta(hours=12))

    await keyboard.write(signs_in)
    (new,) = links_in(await keyboard.told(new_staff_link(keyboard.settings, keyboard.say, 1)))

    def found(conn: Connection, vault: Vault) -> list[object]:
        opened = [enrolling.invited(conn, vault, link, now()) for link in (old, new)]
        return [
            *(one and one.id for one in opened),
            staff_sessions.find(conn, vault, "c", now()),
            factors.ways(conn, 1),
        ]

    assert await keyboard.read(found) == [None, 1, None, (0, False, 0, False)]
    with pytest.raises(NotDone, match="nobody with the number 9"):
        await new_staff_link(keyboard.settings, keyboard.say, 9)


async def test_the_list_of_staff(keyboard: Keyboard) -> None:
    listed = list_staff(keyboard.settings, keyboard.say)
    assert (await keyboard.told(listed)).startswith("There is nobody yet. medvind staff add")
    await keyboard.staff()
    assert "/enrol#" in await keyboard.staff("Tor Dahl", "auditor")
    assert await keyboard.told(list_staff(keyboard.settings, keyboard.say)) == (
        "   1  specialist     Kim Berg  kim@example.org  en\n   2  auditor        Tor Dahl  tor@example.org  en"
    )


WRONG_STAFF: list[tuple[dict[str, str], str]] = [
    ({"role": "boss"}, '"boss" is no role. There is: specialist, coordinator,'),
    ({"mail": "kim"}, "Write it like kim@example.org"),
    ({"mail": "kim@example.org\nBcc: x@example.org"}, "Write it like kim@example.org"),
    ({"name": "  "}, "A name is needed"),
    ({"language": "xx"}, '"xx" is not offered. There is: en'),
    ({"mail": "KIM@example.org"}, "Kim Berg (number 1) has this mail. A new link: medvind staff link 1"),
]


async def test_staff_that_cannot_be_added(keyboard: Keyboard) -> None:
    await keyboard.staff()
    for wrong, sentence in WRONG_STAFF:
        given = {"name": "Kim", "mail": "x@example.org", "role": "specialist", "language": "", **wrong}
        with pytest.raises(NotDone, match=re.escape(sentence)):
            await add_staff(keyboard.settings, keyboard.say, **given)
    assert len(await keyboard.read(people.all_staff)) == 1


# Inviting ------------------------------------------------------------------------------------------------------------


async def test_somebody_new_is_invited(keyboard: Keyboard) -> None:
    told = await keyboard.sam(language="en", specialist="KIM@example.org", bot="@medvind_bot")
    assert told.startswith("S.K. is participant 1, with Kim Berg.\n")
    assert ONLY_NOW in told
    assert re.search(r"The invitation opens once, until \d+ \w+( \d{4})?: by the link, or when the code is", told)
    assert "Kim Berg does that on the overview page, or you do here: medvind confirm 1 NUMBER" in told
    assert "Sam" not in told, "a terminal keeps what it shows"
    (link,) = links_in(told)
    assert re.fullmatch(r"https://t\.me/medvind_bot\?start=[\w-]{22}", link)
    person = await keyboard.read(lambda conn, vault: people.participant(conn, vault, 1))
    assert (person.name, person.pseudonym, person.language) == ("Sam", "S.K.", "en")
    done = await keyboard.read(lambda conn, vault: [(one.actor, one.action) for one in audit.records(conn, 1)])
    assert done == [("command line", "participant.added"), ("command line", "invitation.made")]
    assert "Your number is" in await keyboard.knocks(link)
    assert "I cannot open this." in await keyboard.knocks(code_in(told), "200")


async def test_nobody_new_is_invited_while_something_is_missing(keyboard: Keyboard, tmp_path: Path) -> None:
    await keyboard.sam()
    unsigned = tmp_path / "programme.yaml"
    example = EXAMPLE.read_text(encoding="utf-8").replace("example: yes", "")
    unsigned.write_text(example.replace("cost:", f"checked on: {now().date()}\n      cost:"), encoding="utf-8")
    real = Keyboard(keyboard.settings.model_copy(update={"programme": unsigned}))
    with pytest.raises(NotDone) as refused:
        await real.invites(name="Kit", pseudonym="K.T.", bot="medvind_bot")
    assert str(refused.value).split("\n") == [
        "Nobody new can be added now. Everybody who is here goes on.",
        "This is missing in the programme file:",
        "  Nobody has signed that taking part changes no benefit, support or place.",
        "  Nobody has signed that answers are not monitored.",
    ]
    assert code_in(await real.invites(participant=1, bot="medvind_bot")), "who is here goes on"
    signed = "statements:\n" + "".join(
        f"  {each}: {{signed by: Kim Berg, signed on: {now().date()}}}\n"
        for each in ("no consequence", "not monitored")
    )
    unsigned.write_text(f"{unsigned.read_text(encoding='utf-8')}\n{signed}", encoding="utf-8")
    assert code_in(await real.invites(name="Kit", pseudonym="K.T.", bot="medvind_bot"))


async def test_telegram_is_asked_what_the_bot_is_called(tmp_path: Path) -> None:
    async with StandIn() as telegram:
        bot = telegram.add_bot("own_bot")
        keyboard = Keyboard(with_telegram(tmp_path, telegram, bot.token))
        told = await keyboard.sam(bot="")
        assert links_in(told)[0].startswith("https://t.me/own_bot?start=")
        number = await keyboard.waits(told)
        await keyboard.confirms(1, number)
        with pytest.raises(NotDone, match="has a chat there already"):
            await keyboard.invites(participant=1)


async def test_of_several_bots_one_has_to_be_named(tmp_path: Path) -> None:
    async with StandIn() as telegram:
        tokens = ",".join(telegram.add_bot(name).token for name in ("one_bot", "other_bot"))
        keyboard = Keyboard(with_telegram(tmp_path, telegram, tokens))
        with pytest.raises(NotDone, match="Say to which bot: --bot one_bot, --bot other_bot"):
            await keyboard.sam(bot="")
        told = await keyboard.invites(name="Sam", pseudonym="S.K.", bot="other_bot")
        assert links_in(told)[0].startswith("https://t.me/other_bot?start=")
        assert [call.method for call in telegram.log.calls] == ["getMe", "getMe"]


async def test_without_telegram_nothing_is_made(tmp_path: Path) -> None:
    async with StandIn() as telegram:
        token = telegram.add_bot().token
    keyboard = Keyboard(with_telegram(tmp_path, telegram, token))
    with pytest.raises(NotDone, match="Telegram did not say what the bot is called") as refused:
        await keyboard.sam(bot="")
    assert token not in str(refused.value)
    assert await keyboard.read(lambda conn, _: conn.execute(select(schema.participant)).all()) == []
    assert "https://t.me/named_bot" in await keyboard.invites(name="Sam", pseudonym="S.K.", bot="named_bot")


def with_telegram(folder: Path, telegram: StandIn, tokens: str) -> Settings:
    return Settings(folder=folder, key=KEY, telegram_tokens=tokens, telegram_api=telegram.url)  # type: ignore[arg-type]


async def test_without_a_bot_there_is_a_code_and_no_link(keyboard: Keyboard) -> None:
    told = await keyboard.sam(bot="")
    assert links_in(told) == []
    assert "set MEDVIND_TELEGRAM_TOKENS, or add --bot NAME." in told
    assert "Your number is" in await keyboard.knocks(code_in(told))


async def test_the_web_chat_instead_or_beside(keyboard: Keyboard) -> None:
    told = await keyboard.sam(web=True, bot="")
    (link,) = links_in(told)
    assert link.startswith("http://127.0.0.1:8080/c/")
    assert "Code" not in told
    assert await keyboard.read(lambda conn, _: conn.execute(select(schema.invitation)).all()) == []
    owner = await keyboard.read(lambda conn, vault: people.open_link(conn, vault, link.rpartition("/")[2], now()))
    assert owner == Who(participant_id=1)
    both = await keyboard.invites(participant=1, web=True, bot="https://t.me/medvind_bot")
    assert [re.sub(r"[\w-]{22}$", "", found) for found in links_in(both)] == [
        "https://t.me/medvind_bot?start=",
        "http://127.0.0.1:8080/c/",
    ]
    code_in(both)


async def test_a_picture_of_the_link_in_a_file(keyboard: Keyboard, tmp_path: Path) -> None:
    file = tmp_path / "link.svg"
    told = await keyboard.sam(qr=file)
    assert f"The link is drawn in {file}." in told
    assert file.read_text(encoding="utf-8").count("<path") == 2
    with pytest.raises(NotDone, match="cannot be written"):
        await keyboard.invites(participant=1, bot="b", qr=tmp_path / "nowhere" / "link.png")
    for wrong in ({"bot": "b", "qr": Path("link.pdf")}, {"bot": "", "qr": Path("link.png")}):
        with pytest.raises(NotDone, match=r"ends in \.svg or \.png|no link to draw"):
            await keyboard.invites(participant=1, **wrong)


async def test_a_new_invitation_closes_the_one_before(keyboard: Keyboard) -> None:
    first = await keyboard.sam()
    second = await keyboard.invites(participant=1, bot="medvind_bot")
    assert second.startswith("S.K. is participant 1, with Kim Berg.\n")
    assert "I cannot open this." in await keyboard.knocks(code_in(first), "100")
    assert "Your number is" in await keyboard.knocks(code_in(second), "200")


async def test_another_phone(keyboard: Keyboard) -> None:
    await keyboard.confirms(1, await keyboard.waits(await keyboard.sam(), "100"))
    with pytest.raises(NotDone, match=r"has a chat there already\. .* add --move"):
        await keyboard.invites(participant=1, bot="medvind_bot")
    moved = await keyboard.invites(participant=1, bot="medvind_bot", move=True)
    assert "I cannot open this." in await keyboard.knocks("hello", "100")
    await keyboard.confirms(1, await keyboard.waits(moved, "200"))
    queued = await keyboard.read(lambda conn, _: conn.execute(select(schema.outbox.c.state)).scalars().all())
    assert queued == ["cancelled", "queued"]


@pytest.mark.parametrize("opened", [False, True], ids=["not opened yet", "somebody waits"])
async def test_an_invitation_is_taken_back(keyboard: Keyboard, opened: bool) -> None:
    told = await keyboard.sam()
    number = await keyboard.waits(told) if opened else ""
    assert await keyboard.invites(revoke=1) == "No invitation of S.K. opens anything now."
    assert "I cannot open this." in await keyboard.knocks(code_in(told))
    with pytest.raises(NotDone, match="1 does not wait"):
        await keyboard.confirms(1, number or "0000")


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "Say who it is for"),
    ({"name": "Sam", "participant": 1}, "Say who it is for"),
    ({"participant": 1, "revoke": 1}, "Say who it is for"),
    ({"participant": 1, "pseudonym": "X.X."}, "are for somebody new"),
    ({"participant": 99, "bot": "b"}, "There is no participant with the number 99."),
    ({"revoke": 99}, "There is no participant with the number 99."),
    ({"name": "Sam", "bot": "b"}, "A name and a pseudonym are needed"),
    ({"name": "x" * 81, "pseudonym": "X", "bot": "b"}, "There is room for 80 letters"),
    ({"name": "Sam", "pseudonym": "s.k.", "bot": "b"}, "accompanies somebody who is called s.k. already"),
    ({"name": "Ali", "pseudonym": "A.", "language": "xx", "bot": "b"}, '"xx" is not offered. There is: en'),
    ({"name": "Ali", "pseudonym": "A.", "specialist": "bo", "bot": "b"}, "There is: 1 (kim@example.org)."),
]


async def test_what_cannot_be_done_is_said_and_changes_nothing(keyboard: Keyboard) -> None:
    await keyboard.sam()
    for asked, sentence in WRONG:
        with pytest.raises(NotDone, match=re.escape(sentence)):
            await keyboard.invites(**asked)
    for table in (schema.participant, schema.invitation):
        assert len(await keyboard.read(lambda conn, _, table=table: conn.execute(select(table)).all())) == 1


async def test_of_several_specialists_one_has_to_be_named(keyboard: Keyboard) -> None:
    with pytest.raises(NotDone, match="There is no specialist yet: medvind staff add"):
        await keyboard.invites(name="Sam", pseudonym="S.K.", bot="b")
    await keyboard.staff()
    await keyboard.staff("Bo Lund")
    with pytest.raises(NotDone, match=r"There is: 1 \(kim@example.org\), 2 \(bo@example.org\)\."):
        await keyboard.invites(name="Sam", pseudonym="S.K.", bot="b")
    for wished in ("bo@example.org", "2"):
        told = await keyboard.invites(name="Sam", pseudonym=f"S.{wished}", bot="b", specialist=wished)
        assert "with Bo Lund." in told


async def test_an_erased_person_is_nobody(keyboard: Keyboard) -> None:
    await keyboard.sam()
    await keyboard.write(lambda conn, _: people.erase(conn, 1))
    with pytest.raises(NotDone, match="There is no participant with the number 1"):
        await keyboard.invites(participant=1, bot="b")


# Confirming ----------------------------------------------------------------------------------------------------------


async def test_somebody_who_waits_is_confirmed_with_the_number_they_read_out(keyboard: Keyboard) -> None:
    waiting = list_waiting(keyboard.settings, keyboard.say)
    assert await keyboard.told(waiting) == "Nobody waits."
    number = await keyboard.waits(await keyboard.sam())
    listed = await keyboard.told(list_waiting(keyboard.settings, keyboard.say))
    assert listed.startswith("   1  S.K.  telegram:7000000001\n")
    assert number not in listed, "the person has to be asked"
    assert "Sam" not in listed
    wrong = f"{(int(number) + 1) % 10_000:04}"
    with pytest.raises(NotDone, match=f"{wrong} is not the number that S.K. sees. Nothing was sent."):
        await keyboard.confirms(1, wrong)
    with pytest.raises(NotDone, match="2 does not wait"):
        await keyboard.confirms(2, number)
    assert await keyboard.read(lambda conn, _: conn.execute(select(schema.outbox)).all()) == []
    assert await keyboard.confirms(1, number) == "S.K. can start now."

    def queued(conn: Connection, vault: Vault) -> str:
        row = conn.execute(select(schema.outbox)).one()
        cipher = people.participant(conn, vault, 1).cipher
        return decode_outbound(cipher.open(f"outbox.body|1|{row.seq}", row.sealed_body)).text

    assert "Kim Berg\u2069 says that it is you." in await keyboard.read(queued)
    assert await keyboard.told(list_waiting(keyboard.settings, keyboard.say)) == "Nobody waits."


async def test_who_waits_in_two_chats_is_confirmed_in_the_right_one(keyboard: Keyboard) -> None:
    first = await keyboard.waits(await keyboard.sam(), "100")
    told = await keyboard.invites(participant=1, bot="other_bot")
    other = await keyboard.knocks(code_in(told), "100", "telegram:2")
    second = "".join(re.findall(r"\d", other))
    for number, channel in ((second, "telegram:2"), (first, "telegram:7000000001")):
        await keyboard.confirms(1, number)
        at = await keyboard.read(
            lambda conn, vault, channel=channel: addresses.standing_at(conn, vault, channel, "100")
        )
        assert at.state == "active"


# As they are typed ---------------------------------------------------------------------------------------------------


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs one command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, arguments, env={"MEDVIND_KEY": KEY}, catch_exceptions=False)


def test_from_the_first_specialist_to_the_invitation(typed: Callable[..., Result], tmp_path: Path) -> None:
    added = typed("staff", "add", "Kim Berg", "--mail", "kim@example.org", "--role", "specialist", "--language", "en")
    assert (added.exit_code, added.stderr) == (0, "")
    assert "1  specialist     Kim Berg" in typed("staff", "list").stdout
    assert "It is shown only now." in typed("staff", "link", "1").stdout
    invited = typed("invite", "Sam", "--pseudonym", "S.K.", "--bot", "b", "--qr", "link.png", "--web")
    assert (invited.exit_code, invited.stderr) == (0, "")
    assert ONLY_NOW in invited.stdout
    assert "█" not in invited.stdout, "pictures are for terminals"
    assert (tmp_path / "link.png").exists()
    again = typed("invite", "--participant", "1", "--bot", "b", "--move")
    assert (again.exit_code, again.stderr) == (0, "")
    assert typed("invite", "--revoke", "1").stdout == "No invitation of S.K. opens anything now.\n"
    assert typed("confirm").stdout == "Nobody waits.\n"


def test_what_cannot_be_done_ends_with_a_sentence_and_no_trace(typed: Callable[..., Result]) -> None:
    for arguments, sentence in {
        ("confirm", "1"): "Say the number that the person reads out as well: medvind confirm 12 4711\n",
        ("confirm", "1", "4711"): "1 does not wait. medvind confirm shows who does.\n",
        ("invite",): "Say who it is for: ",
        ("staff", "link", "7"): "There is nobody with the number 7. medvind staff list shows who is here.\n",
    }.items():
        refused = typed(*arguments)
        assert (refused.exit_code, refused.stdout) == (1, "")
        assert refused.stderr.startswith(sentence)


def test_a_terminal_shows_the_picture(typed: Callable[..., Result], tmp_path: Path) -> None:
    typed("staff", "add", "Kim", "--mail", "k@example.org", "--role", "specialist")
    ours, theirs = pty.openpty()
    environment = nowhere() | {"PYTHONPATH": str(ROOT), "MEDVIND_KEY": KEY, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "bot", "invite", "Sam", "--pseudonym", "S.K.", "--bot", "b"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = read_all(ours)
    os.close(ours)
    assert process.returncode == 0
    assert "\x1b[97;40m████ ▄▄▄▄▄ █" in shown


def read_all(descriptor: int) -> str:
    """What a terminal gets until its last writer is gone, which Linux says by an error."""
    read = b""
    while True:
        try:
            some = os.read(descriptor, 65536)
        except OSError:
            return read.decode()
        if not some:
            return read.decode()
        read += some


async def test_a_file_that_a_running_medvind_holds_is_said_with_the_way_round(keyboard: Keyboard) -> None:
    await keyboard.sam()
    held = Database.open(keyboard.settings.database())
    try:
        folder = str(keyboard.settings.folder)
        refused = medvind(Path(folder), "invite", "--participant", "1", MEDVIND_KEY=KEY, MEDVIND_FOLDER=folder)
    finally:
        await held.close()
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Another Medvind (process {os.getpid()}) is working on ")
    assert refused.stderr.endswith("people are invited and confirmed on its staff pages, under Invite and Overview.\n")


async def test_on_postgresql_people_are_invited_while_medvind_runs(
    postgresql_databases: PostgresqlDatabases, tmp_path: Path
) -> None:
    with postgresql_databases.url() as url:
        keyboard = Keyboard(Settings(folder=tmp_path, key=KEY, database_url=url))  # type: ignore[arg-type]
        async with deployment(keyboard.settings) as running:
            told = await keyboard.sam()
            admission = Admission(database=running.database, vault=running.vault, catalogs=running.catalogs)
            answer = await admission.knock("telegram:1", "100", code_in(told), "", now())
            assert answer is not None
            number = "".join(re.findall(r"\d", answer.text))
            assert await keyboard.confirms(1, number) == "S.K. can start now."
