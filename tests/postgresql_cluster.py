"""A throw-away PostgreSQL of our own: made, started and removed again, for tests and for benchmarks."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

HOW_TO_INSTALL = (
    "PostgreSQL's programs (initdb, pg_ctl) are needed and not on this machine. "
    "Run `make test` as root, or install them: apt-get install postgresql"
)
SUPERUSER = "medvind"
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "timezone": "UTC",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresqlMissing(RuntimeError):
    """PostgreSQL's programs were not found; the message says how to install them."""

    def __init__(self) -> None:
        super().__init__(HOW_TO_INSTALL)


class Cluster:
    """A cluster in a folder of its own, reached by a socket in that folder, so that no port can be taken.

    It can be stopped and started again, for tests of a database that is away.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.settings = SETTINGS if durable else SETTINGS | CARELESS

    @property
    def url(self) -> URL:
        """The maintenance database, as a user who may create databases."""
        return URL.create(
            "postgresql+psycopg", username=SUPERUSER, database="postgres", query={"host": str(self.folder)}
        )

    def create(self) -> None:
        """Make the cluster. Raises PostgresqlMissing."""
        _own(self.folder)
        _run(
            "initdb",
            f"--pgdata={self.data}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        )
        lines = [f"{name} = '{value}'\n" for name, value in self._configuration().items()]
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.writelines(lines)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        log = self.folder / "log"
        try:
            _run("pg_ctl", "start", f"--pgdata={self.data}", f"--log={log}", "--wait", "--silent")
        except subprocess.CalledProcessError as error:
            said = log.read_text(encoding="utf-8") if log.exists() else ""
            raise RuntimeError(f"PostgreSQL did not start:\n{said}") from error

    def stop(self) -> None:
        """Stop the server at once, as a power cut would."""
        if (self.data / "postmaster.pid").exists():
            _run("pg_ctl", "stop", f"--pgdata={self.data}", "--mode=immediate", "--wait", "--silent")

    def _configuration(self) -> dict[str, str]:
        return self.settings | {"unix_socket_directories": str(self.folder)}


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """A running cluster, removed at the end. ``durable``: commits reach the disk, as in earnest.

    It lies in ``/tmp`` (a socket's path must be short), a durable one in ``/var/tmp``, which is no RAM disk.
    """
    parent = "/var/tmp" if durable else "/tmp"
    folder = Path(tempfile.mkdtemp(prefix="medvind-pg-", dir=parent))
    made = Cluster(folder, durable=durable)
    try:
        made.create()
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


def program(name: str) -> str:
    """Where a program of PostgreSQL lies: in PATH, else the newest under ``/usr/lib``. Raises PostgresqlMissing."""
    if found := shutil.which(name):
        return found
    packaged = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if not packaged:
        raise PostgresqlMissing
    return str(packaged[-1])


def _run(name: str, *arguments: str) -> None:
    subprocess.run(
        [program(name), *arguments],
        check=True,
        cwd="/",
        user=_server_user(),
        group=_server_user(),
        extra_groups=[] if _server_user() else None,
        stdout=subprocess.DEVNULL,
    )


def _own(folder: Path) -> None:
    if user := _server_user():
        shutil.chown(folder, user)


def _server_user() -> str | None:
    """PostgreSQL refuses to run as root, so root runs it as somebody else."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
