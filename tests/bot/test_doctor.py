"""Doctor: every finding is provoked on both databases, beside a Medvind that has them open, and nothing is changed."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text, update
from sqlalchemy.exc import DBAPIError

from bot.calendars import Calendar
from bot.config import EXAMPLE, LOCALES, Settings
from bot.doctor import checks, examine, surroundings
from bot.doctor.findings import CATALOGUE, SEVERITIES, Finding
from bot.doctor.seen import Seen, Unseen, look, see
from bot.jobs import Pace, Task, working
from bot.programme import Signature, Statements, load_programme
from storage import audit, backlog, channel_state, digests, people, processes, schema, staff_notices, strays
from storage.database import Database, StorageAway
from storage.processes import Process
from storage.vault import Vault
from tests.bot.own_script import medvind
from tests.storage.databases import PostgresqlDatabases, SqliteDatabases, everything, put_migrated
from tests.storage.rows import PRIVATE, fill

DOCS = Path(__file__).parents[2] / "docs" / "doctor.md"
TOKEN = f"700001:{'A' * 35}"
BOT = "telegram:700001"
MINUTE = timedelta(minutes=1)
KIM = {
    "name": "Kim Berg",
    "mail": "kim@example.org",
    "role": "specialist",
    "language": "nb",
    "time_zone": "Europe/Oslo",
}
SAM = {"name": PRIVATE[0], "pseudonym": PRIVATE[1], "language": "ar", "time_zone": "Europe/Oslo"}


def now() -> datetime:
    return datetime.now(UTC)


def process(name: str = "one", **other: Any) -> Process:
    started = now() - 10 * MINUTE
    made = Process(name, "worker.example", 4711, "http://127.0.0.1:8081", "0.1.0", started, now(), leads=(BOT, "jobs"))
    return made._replace(**other)


def well(conn: Connection, vault: Vault) -> None:
    """One process that leads, a bot that answers, and a person for whom nothing is late."""
    processes.beat(conn, process())
    channel_state.touch(conn, BOT, now())
    staff = people.add_staff(conn, vault, **KIM, now=now())
    fill(conn, vault, people.add_participant(conn, vault, **SAM, now=now()), staff, now())
    digests.mark_digests(conn, [(staff, "day 1")], "sent", now())


async def findings(url: str, at: datetime | None = None) -> list[Finding]:
    seen = await look(url, at or now())
    assert isinstance(seen, Seen)
    return list(checks.check(seen, [BOT]))


def codes(found: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in found]


async def test_where_all_is_well_nothing_is_found(database: Database, vault: Vault, database_url: str) -> None:
    await database.write(lambda conn: well(conn, vault))
    assert await findings(database_url) == []


# What the database shows ----------------------------------------------------------------------------------------------


def silent(conn: Connection, vault: Vault) -> None:
    processes.beat(conn, process("two", pid=4712))
    two = schema.process.c.id == "two"
    conn.execute(update(schema.process).where(two).values(alive_at=now() - MINUTE))


def other_version(conn: Connection, vault: Vault) -> None:
    processes.beat(conn, process("two", version="0.2.0"))


def fast_clock(conn: Connection, vault: Vault) -> None:
    processes.beat(conn, process("two", started_at=now() + 10 * MINUTE))


def nobody_leads(conn: Connection, vault: Vault) -> None:
    processes.beat(conn, process(leads=("jobs",)))


def trouble(conn: Connection, vault: Vault) -> None:
    channel_state.trouble(conn, BOT, "Unauthorized")


def no_answer(conn: Connection, vault: Vault) -> None:
    channel_state.touch(conn, BOT, now() - 5 * MINUTE)


def paused(conn: Connection, vault: Vault) -> None:
    channel_state.pause(conn, BOT, now() + timedelta(hours=3, minutes=5))


def message(conn: Connection, state: str, age: timedelta) -> None:
    row = {"participant_id": 1, "seq": 70, "conversation": 1, "channel": BOT, "sealed_body": b"-"}
    conn.execute(insert(schema.outbox), {**row, "state": state, "created_at": now() - age})


def waits(conn: Connection, vault: Vault) -> None:
    message(conn, "queued", 7 * MINUTE)


def given_up(conn: Connection, vault: Vault) -> None:
    message(conn, "dead", timedelta(days=6))


def late(conn: Connection, vault: Vault) -> None:
    conn.execute(update(schema.participant).values(next_due=now() - 5 * MINUTE))


def missed(conn: Connection, vault: Vault) -> None:
    for count in (3, 1):
        at = now() - timedelta(days=2)
        audit.record(conn, at=at, actor="system", action=backlog.MISSED, details={"people": count})


def held(conn: Connection, vault: Vault) -> None:
    digests.claim_digests(conn, {(1, "2026-03-02"): "<1@example.org>"}, now())
    digests.mark_digests(conn, [(1, "2026-03-02")], "held", now())


def unreadable(conn: Connection, vault: Vault) -> None:
    strays.keep(conn, vault, BOT, "9", b"{}", "KeyError at intake.py:1", now())


def quarantined(conn: Connection, vault: Vault) -> None:
    row = {"participant_id": 1, "channel": BOT, "message_id": "77", "seq": 71, "conversation": 1, "sealed_body": b"-"}
    conn.execute(insert(schema.inbox), {**row, "state": "quarantined", "received_at": now() - MINUTE})


def untold(conn: Connection, vault: Vault) -> None:
    staff_notices.put(conn, [1], "emergency", {"by": 1}, now() - 20 * MINUTE)


PROVOKED: dict[Callable[[Connection, Vault], None], tuple[str, str]] = {
    silent: ("MD006", r"process 4712 on worker\.example was last heard of \d+ seconds ago\."),
    other_version: ("MD007", r"Versions 0\.1\.0 and 0\.2\.0 run at once\."),
    fast_clock: (
        "MD008",
        r"The clock of process 4711 on worker\.example is at least \d+ minutes ahead of the database's\.",
    ),
    nobody_leads: ("MD009", r"No process sends for telegram:700001\."),
    trouble: ("MD010", r"telegram:700001: Unauthorized"),
    no_answer: ("MD011", r"telegram:700001 last answered \d+ minutes ago\."),
    paused: ("MD012", r"telegram:700001 asked us to send nothing for 3 hours more\."),
    waits: ("MD013", r"Waiting for telegram:700001: 1 message, the oldest for \d+ minutes\."),
    given_up: ("MD014", r"Not taken by telegram:700001 in the last seven days: 1 message\."),
    late: ("MD015", r"Something is due for 1 participant, for up to \d+ minutes\."),
    missed: ("MD016", r"Left out in the last seven days, as Medvind was away: 4 check-ins\."),
    held: ("MD017", r"Held in the last seven days: 1 digest mail\."),
    untold: ("MD031", r"Not told within fifteen minutes, or not at all: 1 notice\."),
    unreadable: ("MD020", r"Came by telegram:700001 and could not be read: 1 message\."),
    quarantined: ("MD021", r"Not answered in the last seven days: 1 message\."),
}


class Undone(Exception):
    """Raised so that nothing of a transaction stays. ``findings`` is what was found in it."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings


async def test_what_is_wrong_is_found_and_nothing_else(database: Database, vault: Vault) -> None:
    await database.write(lambda conn: well(conn, vault))
    before = await database.read(everything)
    for provoke, (code, sentence) in PROVOKED.items():

        def provoked(conn: Connection, provoke: Callable[[Connection, Vault], None] = provoke) -> None:
            processes.beat(conn, process())
            provoke(conn, vault)
            raise Undone(list(checks.check(see(conn, now()), [BOT])))

        with pytest.raises(Undone) as undone:
            await database.write(provoked)
        (found,) = undone.value.findings
        assert found.code == code
        assert re.fullmatch(sentence, found.sentence), found.sentence
    assert await database.read(everything) == before


async def test_a_mail_that_should_have_left_is_late_after_a_while(database: Database, vault: Vault) -> None:
    """On a Monday, half past nine in Oslo: for a quarter of an hour it may be about to leave."""
    shared, due = datetime(2026, 3, 2, 6, 0, tzinfo=UTC), datetime(2026, 3, 2, 8, 30, tzinfo=UTC)

    def share(conn: Connection) -> None:
        staff = people.add_staff(conn, vault, **KIM, now=shared - timedelta(days=9))
        conn.execute(update(schema.staff).values(working_days="12345", digest_at="09:30"))
        person = people.add_participant(conn, vault, **SAM, now=shared - timedelta(days=9))
        fill(conn, vault, person, staff, shared)

    await database.write(share)
    looking = await database.read(
        lambda conn: [
            see(conn, due + timedelta(minutes=minutes), mailing=Calendar("NO")).unsent for minutes in (-1, 14, 16, 300)
        ]
    )
    assert looking == [0, 0, 1, 0]
    assert await database.read(lambda conn: see(conn, due + timedelta(minutes=16)).unsent) == 0, "no mail is sent"


async def test_a_notice_that_nobody_on_the_staff_got_is_found(database: Database, vault: Vault) -> None:
    """One that waits for a while, and one that was given up; none that was sent, or is for somebody who has left."""

    def told(conn: Connection) -> list[int]:
        here, gone = (
            people.add_staff(conn, vault, **{**KIM, "mail": f"{name}@example.org"}, now=now()) for name in ("a", "b")
        )
        conn.execute(update(schema.staff).where(schema.staff.c.id == gone).values(active=False))
        for staff, age in (
            (here, 20 * MINUTE),
            (here, timedelta(days=2)),
            (here, timedelta(days=9)),
            (gone, 60 * MINUTE),
        ):
            staff_notices.put(conn, [staff], "emergency", {"by": here}, now() - age)
        waiting, given_up, long_ago, _ = staff_notices.due(conn, now())
        counts = [see(conn, now()).untold]
        for notice in (given_up, long_ago):
            staff_notices.give_up(conn, notice)
        counts.append(see(conn, now()).untold)
        staff_notices.sent(conn, waiting, now())
        return [*counts, see(conn, now()).untold]

    assert await database.write(told) == [3, 2, 1]


async def test_where_nobody_runs_that_is_said_and_not_what_follows_from_it(
    database: Database, vault: Vault, database_url: str
) -> None:
    def stopped(conn: Connection) -> None:
        well(conn, vault)
        no_answer(conn, vault)
        processes.remove(conn, ["one"])

    await database.write(stopped)
    assert codes(await findings(database_url)) == ["MD005"]


async def test_a_process_that_stops_is_not_silent(database: Database, vault: Vault, database_url: str) -> None:
    def stopping(conn: Connection) -> None:
        well(conn, vault)
        processes.beat(conn, process("two", stopping=True))
        conn.execute(update(schema.process).where(schema.process.c.id == "two").values(alive_at=now() - MINUTE))

    await database.write(stopping)
    assert await findings(database_url) == []


async def test_nobody_has_to_lead_in_the_first_moment(database: Database, database_url: str) -> None:
    await database.write(lambda conn: processes.beat(conn, process(started_at=now(), leads=())))
    assert await findings(database_url) == []


async def test_clocks_are_compared_where_there_are_two(database: Database, database_url: str) -> None:
    await database.write(lambda conn: processes.beat(conn, process(started_at=now())))
    found = await findings(database_url, now() + MINUTE)
    if database.dialect == "sqlite":
        assert found == []
    else:
        (one,) = found
        assert re.fullmatch(r"The clock of this machine is \d+ seconds ahead of that of the database\.", one.sentence)


async def test_a_job_that_was_given_up_is_counted(database: Database, database_url: str) -> None:
    async def breaks(_: Sequence[int]) -> None:
        raise ValueError("canary")

    async with working(database, database_url, [Task("breaking", "0 0 1 1 *", breaks)], pace=Pace(pauses=())) as work:
        await work.tick("breaking")
        found = [each for each in await findings(database_url) if each.code == "MD019"]
    assert [each.sentence for each in found] == ["Given up in the last day: 1 job."]


# Where nothing can be seen --------------------------------------------------------------------------------------------


async def unseen(url: str) -> str:
    seen = await look(url, now())
    assert isinstance(seen, Unseen)
    return seen.code


async def test_a_database_that_is_not_there_is_said_and_not_made(
    tmp_path: Path, databases: SqliteDatabases | PostgresqlDatabases
) -> None:
    assert await unseen(f"sqlite:///{tmp_path}/medvind.db") == "MD002"
    assert await unseen(f"postgresql:///medvind?host={tmp_path}") == "MD001"
    assert files(tmp_path) == {}
    with databases.url(migrated=False) as url:
        await (opened := Database.open(url)).close()
        assert opened.dialect in url
        assert await unseen(url) == "MD002"


async def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "medvind.db").write_bytes(b"Dear diary, " * 400)
    assert await unseen(f"sqlite:///{tmp_path}/medvind.db") == "MD001"


@pytest.mark.parametrize(("version", "code"), [("0001", "MD003"), ("9999", "MD004")])
async def test_tables_of_another_form_are_said(database: Database, database_url: str, version: str, code: str) -> None:
    await database.write(lambda conn: conn.execute(text(f"UPDATE alembic_version SET version_num = '{version}'")))
    assert await unseen(database_url) == code


# It only looks --------------------------------------------------------------------------------------------------------


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


async def test_nothing_is_written_beside_a_database_at_rest(tmp_path: Path) -> None:
    path = put_migrated(tmp_path / "medvind.db")
    before = files(tmp_path)
    assert codes(await findings(f"sqlite:///{path}")) == ["MD005"]
    assert files(tmp_path) == before


async def test_what_a_crash_left_in_the_log_is_seen(tmp_path: Path, sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.url() as url:
        crashed = Database.open(url)
        await crashed.write(lambda conn: processes.beat(conn, process()))
        for name in ("", "-wal"):
            path = Path(url.removeprefix("sqlite:///") + name)
            shutil.copy(path, tmp_path / f"medvind.db{name}")
        await crashed.close()
    seen = await look(f"sqlite:///{tmp_path}/medvind.db", now())
    assert isinstance(seen, Seen)
    assert [each.id for each in seen.processes] == ["one"]


async def test_whoever_looks_cannot_write(database: Database, database_url: str) -> None:
    looking = Database.looking(database_url)
    for way in (looking.write, looking.read):
        with pytest.raises((StorageAway, DBAPIError)):
            await way(lambda conn: processes.beat(conn, process()))
    await looking.close()
    assert await database.read(processes.all_processes) == []


# What is around it ----------------------------------------------------------------------------------------------------


def test_help_lines_are_told_of_before_their_day() -> None:
    example = load_programme(EXAMPLE, date(2026, 3, 2))
    checked = date(2026, 3, 2)
    lines = tuple(replace(line, name=f"Line {n}", checked=checked) for n, line in enumerate(example.lines[:1]))
    real = replace(example, example=False, lines=lines)
    day = checked + timedelta(days=150)
    assert list(surroundings.help_lines(real, day - timedelta(days=1))) == []
    (soon,) = surroundings.help_lines(real, day)
    assert (soon.code, soon.sentence) == (
        "MD022",
        "Line 0 was checked on 2026-03-02, which counts for 30 more days.",
    )
    assert list(surroundings.help_lines(example, day)) == []
    over = checked + timedelta(days=181)
    assert list(surroundings.help_lines(real, over)) == [], "from then on it keeps new people out"


def test_what_keeps_new_people_out_is_told() -> None:
    today = date(2026, 3, 2)
    example = load_programme(EXAMPLE, today)
    signed = Statements(Signature("Kim Berg", today), Signature("Kim Berg", today))
    lines = tuple(replace(line, name=f"Line {n}", checked=today) for n, line in enumerate(example.lines))
    real = replace(example, example=False, lines=lines, statements=signed)
    assert list(surroundings.enrolling(real, today)) == []
    assert list(surroundings.enrolling(replace(example, role_card=None), today)) == []
    found = list(surroundings.enrolling(replace(real, role_card=None), today + timedelta(days=181)))
    assert {each.code for each in found} == {"MD027"}
    assert [each.sentence for each in found] == [
        "There is no role card: what a specialist does, and who does the rest.",
        *(f"The last call to this help line is more than 180 days old: Line {n}." for n in range(3)),
    ]


def test_languages_that_nobody_can_choose_are_told_with_the_reason() -> None:
    example = load_programme(EXAMPLE, date(2026, 3, 2))
    strict = replace(example, machine_drafts=False, languages=("en", "uk", "sw"))
    found = {each.sentence.split()[0]: each for each in surroundings.languages(strict, LOCALES)}
    assert set(found) == {"uk", "sw"}
    assert {each.code for each in found.values()} == {"MD024"}
    assert "not reviewed" in found["uk"].sentence


def test_a_programme_with_mistakes_is_said(tmp_path: Path) -> None:
    (broken := tmp_path / "programme.yaml").write_text("service: Check-in\n", encoding="utf-8")
    programme, (found,) = surroundings.read(Settings(programme=broken), date(2026, 3, 2))
    assert programme is None
    assert found.code == "MD023"
    assert re.search(r"programme\.yaml:1  .* There are \d+ more\.", found.sentence)


def test_room_on_the_disk_and_the_log_are_watched(tmp_path: Path) -> None:
    database, much = tmp_path / "medvind.db", 10**9
    assert list(surroundings.room(much, 0, database)) == []
    found = list(surroundings.room(400 * 1024 * 1024, 300 * 1024 * 1024, database))
    assert [(each.code, each.sentence) for each in found] == [
        ("MD025", f"400 MB are free on the disk of {database}."),
        ("MD026", f"The write-ahead log of {database} has 300 MB."),
    ]
    with (tmp_path / "medvind.db-wal").open("wb") as log:
        log.truncate(surroundings.LARGEST_LOG + 1)  # It takes no room: nothing is in it.
    assert "MD026" in codes(list(surroundings.disk(database)))
    assert list(surroundings.disk(tmp_path / "nowhere" / "medvind.db")) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "3 seconds"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7199, "119 minutes"),
        (9e4, "25 hours"),
        (4e5, "4 days"),
    ],
)
def test_lengths_of_time_are_said_as_people_do(seconds: float, words: str) -> None:
    assert checks.lasting(timedelta(seconds=seconds)) == words


# The report -----------------------------------------------------------------------------------------------------------


async def test_the_worst_comes_first_and_nothing_personal_at_all(
    database: Database, vault: Vault, database_url: str
) -> None:
    provoking = (silent, trouble, no_answer, paused, waits, late, missed, held, unreadable, quarantined)

    def at_once(conn: Connection) -> None:
        well(conn, vault)
        for provoke in provoking:
            provoke(conn, vault)

    await database.write(at_once)
    report = await examine(Settings(database_url=database_url, telegram_tokens=TOKEN), now())
    assert not report.is_well
    assert sorted(codes(report.findings)) == sorted(PROVOKED[provoke][0] for provoke in provoking)
    severities = [SEVERITIES.index(finding.severity) for finding in report.findings]
    assert severities == sorted(severities)
    told = "\n".join([*report.lines(), report.json()])
    for words in (*PRIVATE, "Kim Berg", "kim@example.org", "900 00", TOKEN):
        assert words not in told


async def test_what_is_only_good_to_know_leaves_all_well(database: Database, vault: Vault, database_url: str) -> None:
    def add(conn: Connection) -> None:
        well(conn, vault)
        missed(conn, vault)

    await database.write(add)
    report = await examine(Settings(database_url=database_url, telegram_tokens=TOKEN), now())
    assert codes(report.findings) == ["MD016"]
    assert report.is_well
    assert list(report.lines())[-1] == "All is well."


async def test_the_command_says_it_to_people_and_to_machines(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    """Beside a process that has the database open. An example needs no key to be looked at."""
    settings = {"MEDVIND_DATABASE_URL": database_url}
    ended = medvind(tmp_path, "doctor", **settings)
    assert ended.returncode == 1
    assert "MD005 (act): No process is running.\n  Start Medvind." in ended.stdout
    assert ended.stdout.startswith("MD005 (act)")
    assert ended.stdout.endswith("\n1 thing to see to.\n")
    await database.write(lambda conn: processes.beat(conn, process(started_at=now())))
    ended = medvind(tmp_path, "doctor", "--json", **settings)
    assert ended.returncode == 0, ended.stdout
    told = json.loads(ended.stdout)
    assert (told["well"], told["findings"]) == (True, [])
    (one,) = told["processes"]
    assert (one["host"], one["pid"], one["leads"]) == ("worker.example", 4711, [BOT, "jobs"])
    assert files(tmp_path) == {}


# The page -------------------------------------------------------------------------------------------------------------


def test_every_finding_is_on_its_page() -> None:
    page = DOCS.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(MD\d{3})` \| ([^|]+) \| (\w+) \| [^|]+ \| ([^|]+) \|$", page, re.MULTILINE)
    assert rows == [(code, kind.title, kind.severity, kind.remedy) for code, kind in CATALOGUE.items()]
