"""Empty databases to measure on: durable, new for each measurement, and gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.postgresql_cluster import SUPERUSER, Cluster

KINDS = ("sqlite", "postgresql")


@contextmanager
def empty(kind: str, server: Cluster) -> Iterator[str]:
    """URL of a new database of this kind."""
    with sqlite() if kind == "sqlite" else _postgresql(server) as url:
        yield url


@contextmanager
def sqlite() -> Iterator[str]:
    """The same for SQLite."""
    with tempfile.TemporaryDirectory(prefix="medvind-bench-", dir="/var/tmp") as folder:
        yield f"sqlite:///{Path(folder, 'medvind.db')}"


@contextmanager
def _postgresql(server: Cluster) -> Iterator[str]:
    run(server, "create database measured")
    try:
        yield server.url.set(database="measured").render_as_string(hide_password=False)
    finally:
        run(server, "drop database measured with (force)")


def run(server: Cluster, statement: str) -> None:
    """Run one statement in the maintenance database."""
    with psycopg.connect(host=str(server.folder), user=SUPERUSER, dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())
