"""The database's own limit for one transaction a turn: PostgreSQL's pgbench, which only sends statements."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine, insert

from benchmarks.checkin import PEOPLE
from storage import schema
from tests.postgresql_cluster import SUPERUSER, program

TURN = Path(__file__).parent / "turn.sql"


def rate(url: str, *, concurrent: int, seconds: float) -> float:
    """Turns a second in an empty database."""
    engine = create_engine(url)
    with engine.begin() as connection:
        _people(connection)
    engine.dispose()
    return _measured(engine.url.query["host"], engine.url.database, concurrent, max(1, round(seconds)))


def _measured(host: object, database: str | None, concurrent: int, seconds: int) -> float:
    options = ["--no-vacuum", "--protocol=prepared", f"--file={TURN}", "--define=n=0", f"--username={SUPERUSER}"]
    load = [f"--client={concurrent}", f"--jobs={min(2, concurrent)}", f"--time={seconds}", f"--host={host}"]
    command = [program("pgbench"), *options, *load, str(database)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
    assert found, said
    return float(found[1])


def _people(connection: Connection) -> None:
    """Everybody with an open conversation, as pgbench's script expects them."""
    now = datetime.now(UTC)
    schema.metadata.create_all(connection)
    version = {"dialogue": "measured_checkin", "version": 1, "fingerprint": "", "sources": {}, "texts": {}}
    connection.execute(insert(schema.script_version), version | {"published_at": now, "published_by": "bench"})
    person = {"data_key": b"", "language": "en", "state": "active", "time_zone": "UTC", "created_at": now}
    counters = {"next_seq": 1, "next_conversation": 2}
    connection.execute(insert(schema.participant), [{"id": n, **person, **counters} for n in range(1, PEOPLE + 1)])
    open_one = {"number": 1, "dialogue": "measured_checkin", "version": 1, "state": "open", "started_at": now}
    conversations = [{"participant_id": n, "sealed_session": b"", **open_one} for n in range(1, PEOPLE + 1)]
    connection.execute(insert(schema.conversation), conversations)
