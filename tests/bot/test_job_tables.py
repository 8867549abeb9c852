"""What the engine of background work says is told without its words, and its tables are shut at the end."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.job_tables import EngineLog, JobTables, TablesClosed

CANARY = "Samira is tired"


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The clock of a log that listens to the engine."""
    made = Clock()
    log = EngineLog(made)
    log.attach()
    yield made
    log.detach()


class Heard(logging.Handler):
    """What reaches the log of the program. (pytest's own also hears loggers that keep to themselves.)"""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def heard() -> Iterator[list[logging.LogRecord]]:
    """It, while a test runs."""
    handler = Heard()
    logging.getLogger().addHandler(handler)
    yield handler.records
    logging.getLogger().removeHandler(handler)


def test_its_words_are_not_repeated(clock: Clock, heard: list[logging.LogRecord]) -> None:
    engine = logging.getLogger("dbos")
    engine.warning("about %s", CANARY)
    try:
        raise ValueError(CANARY)
    except ValueError:
        engine.exception(CANARY)
    engine.info(CANARY)
    said = [each.getMessage() for each in heard]
    assert CANARY not in "".join(said)
    assert [each.partition(": ")[2].partition(" at ")[0] for each in said] == ["WARNING", "ValueError"]


def test_the_same_trouble_is_told_once_a_minute(clock: Clock, heard: list[logging.LogRecord]) -> None:
    for second in range(121):
        clock.seconds = float(second)
        logging.getLogger("dbos").warning("away")
    assert len(heard) == 3


def test_others_are_not_heard_and_hear_nothing(clock: Clock, heard: list[logging.LogRecord]) -> None:
    logging.getLogger("dbos.queue").warning("heard")
    logging.getLogger("other").warning("not ours")
    assert [each.name for each in heard] == ["bot.job_tables", "other"]


def test_who_asks_after_the_end_is_refused(tmp_path: Path) -> None:
    tables = JobTables(f"sqlite:///{tmp_path / 'medvind.db'}")
    using = tables.engine.connect()
    assert using.scalar(text("SELECT 1")) == 1
    tables.refuse()
    with pytest.raises(TablesClosed):
        tables.engine.connect()
    tables.close()
    using.close()
    with pytest.raises(TablesClosed):
        tables.engine.connect()


def test_a_commit_there_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    tables = JobTables(f"sqlite:///{tmp_path / 'medvind.db'}")
    with tables.engine.connect() as conn:
        asked = ("journal_mode", "synchronous", "foreign_keys")
        assert [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 1, 1]
    tables.close()
