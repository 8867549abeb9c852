"""The SQLite file: one process at a time, nothing lost by a kill, and trouble with the disk that passes again."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text

from storage.database import Database, StorageAway
from storage.engines import Limits
from storage.lockfile import filesystem, refuse_network_filesystem
from storage.refusal import StorageAddressWrong, StorageBusy
from storage.schema import vault_key
from tests.storage.databases import SqliteDatabases

ROOT = Path(__file__).parents[2]

HOLD = """
import asyncio, sys
from storage.database import Database
async def hold():
    database = Database.open(sys.argv[1])
    print("open", flush=True)
    await asyncio.sleep(60)
asyncio.run(hold())
"""

WRITE_ON_AND_ON = """
import asyncio, sys
from sqlalchemy import insert
from storage.database import Database
from storage.schema import vault_key
async def write():
    database = Database.open(sys.argv[1])
    for number in range(100000):
        rows = [{"name": f"{number}{half}", "wrapped": b"x" * 500} for half in "ab"]
        await database.write(lambda conn: conn.execute(insert(vault_key), rows))
        print(number, flush=True)
asyncio.run(write())
"""


def start(program: str, url: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def kill(process: subprocess.Popen[str]) -> list[str]:
    process.send_signal(signal.SIGKILL)
    return process.communicate()[0].split()


def names(conn: Connection) -> set[str]:
    return set(conn.scalars(select(vault_key.c.name)))


def put(conn: Connection, size: int = 1, name: str = "a") -> None:
    conn.execute(insert(vault_key), {"name": name, "wrapped": b"x" * size})


@pytest.fixture
def path(sqlite_databases: SqliteDatabases) -> Path:
    """A migrated file."""
    with sqlite_databases.url() as url:
        return Path(url.removeprefix("sqlite:///"))


async def test_a_commit_reaches_the_disk(path: Path) -> None:
    database = Database.open(f"sqlite:///{path}")
    ask = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    found = await database.write(lambda conn: [conn.execute(text(f"PRAGMA {name}")).scalar_one() for name in ask])
    assert found == ["wal", 2, 1, 10_000, 2]  # FULL, ON, ten seconds, FAST
    await database.close()


async def test_foreign_keys_hold_after_migrating_too(path: Path) -> None:
    database = Database.open(f"sqlite:///{path}")
    await database.migrate()
    assert await database.write(lambda conn: conn.execute(text("PRAGMA foreign_keys")).scalar_one()) == 1
    await database.close()


async def test_a_second_process_is_refused_and_told_what_to_do(path: Path) -> None:
    first = start(HOLD, f"sqlite:///{path}")
    assert line(first) == "open"
    try:
        with pytest.raises(StorageBusy, match=rf"process {first.pid}.* Stop it first.* PostgreSQL"):
            Database.open(f"sqlite:///{path}")
    finally:
        kill(first)


async def test_the_lock_dies_with_its_process(path: Path) -> None:
    first = start(HOLD, f"sqlite:///{path}")
    assert line(first) == "open"
    kill(first)
    await Database.open(f"sqlite:///{path}").close()


async def test_the_same_file_by_another_name_is_the_same_file(path: Path) -> None:
    link = path.with_name(f"link-{path.name}")
    link.symlink_to(path)
    database = Database.open(f"sqlite:///{path}")
    with pytest.raises(StorageBusy):
        Database.open(f"sqlite:///{link}")
    await database.close()


async def test_a_kill_loses_nothing_that_was_confirmed_and_leaves_no_half(path: Path) -> None:
    writer = start(WRITE_ON_AND_ON, f"sqlite:///{path}")
    seen = [line(writer) for _ in range(50)]
    confirmed = seen + kill(writer)
    database = Database.open(f"sqlite:///{path}")
    stored = await database.read(names)
    assert {f"{number}{half}" for number in confirmed for half in "ab"} <= stored
    assert {name[:-1] + "a" for name in stored} == {name for name in stored if name.endswith("a")}
    assert len(stored) % 2 == 0
    await database.close()


async def test_a_full_disk_is_told_reads_go_on_and_so_does_everything_once_there_is_room(path: Path) -> None:
    database = Database.open(f"sqlite:///{path}")
    pages = await database.write(lambda conn: conn.execute(text("PRAGMA page_count")).scalar_one())
    await database.write(lambda conn: conn.execute(text(f"PRAGMA max_page_count={pages + 2}")).all())
    with pytest.raises(StorageAway, match="full"):
        await database.write(lambda conn: put(conn, 100_000))
    assert await database.read(names) == set()
    await database.write(lambda conn: conn.execute(text("PRAGMA max_page_count=1000000")).all())
    await database.write(lambda conn: put(conn, 100_000))
    assert await database.read(names) == {"a"}
    await database.close()


async def test_a_lock_held_by_a_foreign_program_is_waited_for_and_then_told(path: Path) -> None:
    database = Database.open(f"sqlite:///{path}", Limits(lock=0.1))
    with sqlite3.connect(path, isolation_level=None) as foreign:
        foreign.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageAway, match="locked"):
            await database.write(put)
        foreign.execute("COMMIT")
    foreign.close()
    await database.write(put)
    assert await database.read(names) == {"a"}
    await database.close()


async def test_a_lock_that_is_let_go_in_time_disturbs_nobody(path: Path) -> None:
    database = Database.open(f"sqlite:///{path}")
    foreign = sqlite3.connect(path, isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    writing = asyncio.create_task(database.write(put))
    assert await database.read(names) == set()
    foreign.execute("COMMIT")
    foreign.close()
    await writing
    assert await database.read(names) == {"a"}
    await database.close()


async def test_work_that_reads_first_and_writes_later_is_alone_from_its_beginning(path: Path) -> None:
    """Waiting for a lock does not help a transaction that has read: SQLite refuses its write at once."""
    database = Database.open(f"sqlite:///{path}")
    foreign = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)

    def work(conn: Connection) -> None:
        assert names(conn) == set()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            foreign.execute("INSERT INTO vault_key VALUES ('foreign', 'x')")
        put(conn)

    await database.write(work)
    foreign.close()
    assert await database.read(names) == {"a"}
    await database.close()


async def test_a_damaged_file_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_bytes(b"these are somebody's notes, no database" * 100)
    before = path.read_bytes()
    database = Database.open(f"sqlite:///{path}")
    with pytest.raises(StorageAway, match="not a database"):
        await database.read(names)
    await database.close()
    assert path.read_bytes() == before


async def test_a_new_file_is_for_its_owner_only_and_its_folder_is_made(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "medvind #1?.db"
    database = Database.open(f"sqlite:///{str(path).replace('?', '%3F').replace('#', '%23')}")
    await database.migrate()
    await database.write(put)
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert await database.read(names) == {"a"}
    await database.close()


async def test_closing_leaves_one_file_with_everything_in_it(path: Path) -> None:
    database = Database.open(f"sqlite:///{path}")
    await database.write(put)
    await database.read(names)
    await database.close()
    assert not path.with_name(path.name + "-wal").exists()
    with sqlite3.connect(path) as plain:
        assert plain.execute("SELECT name FROM vault_key").fetchall() == [("a",)]
    plain.close()


async def test_a_copy_can_be_made_while_it_is_open_and_opens_again(path: Path, tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{path}")
    await database.write(put)
    copy = tmp_path / "copy.db"
    with sqlite3.connect(path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    await database.close()
    restored = Database.open(f"sqlite:///{copy}")
    await restored.migrate()
    assert await restored.read(names) == {"a"}
    await restored.close()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/anna ext4 rw 0 0
//nas/share /mnt/two\\040words cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/medvind.db", "ext4"),
        ("/home/medvind.db", "nfs4"),
        ("/home/anna/medvind.db", "ext4"),
        ("/mnt/two words/medvind.db", "cifs"),
        ("/homework/medvind.db", "ext4"),
    ],
)
def test_the_file_system_of_a_path_is_the_one_mounted_nearest(path: str, kind: str) -> None:
    assert filesystem(Path(path), MOUNTS) == kind


def test_a_network_drive_is_refused() -> None:
    with pytest.raises(StorageBusy, match=r"network drive \(nfs4\).* PostgreSQL"):
        refuse_network_filesystem(Path("/home/medvind.db"), MOUNTS)
    refuse_network_filesystem(Path("/var/medvind.db"), MOUNTS)


def test_the_lock_file_tells_who_holds_it(path: Path) -> None:
    holder = start(HOLD, f"sqlite:///{path}")
    line(holder)
    assert path.with_name(path.name + ".lock").read_text() == str(holder.pid)
    kill(holder)
    assert holder.pid != os.getpid()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "medvind.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=ro",
        "mysql://host/name",
        "postgresql+asyncpg://host/name",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_one_that_can(url: str) -> None:
    with pytest.raises(StorageAddressWrong, match=r"MEDVIND_DATABASE_URL to sqlite:///.* or postgresql://"):
        Database.open(url)
