"""Migrating: bringing the tables to the form this Medvind knows, whole or not at all. Only here is Alembic called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, text

from storage.form import FOLDER, found_if_any, newest
from storage.refusal import StorageNewer

if TYPE_CHECKING:
    from alembic.config import Config

_ADVISORY_LOCK = int.from_bytes(b"medvind")
"""One process migrates at a time."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables to ``revision``. Raises StorageNewer when they are of a later Medvind.

    Mostly there is nothing to do, and then Alembic is not loaded: it takes a while, and a tenth of the memory.
    """
    with engine.connect() as conn:
        if revision == "head" and found_if_any(conn) == newest():
            return
    from alembic import command

    with migration(engine) as conn:
        config = configuration(conn)
        _refuse_newer(conn, config)
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """The way back, for an older Medvind. What only the newer form can hold is lost."""
    from alembic import command

    with migration(engine) as conn:
        command.downgrade(configuration(conn), revision)


def configuration(conn: Connection) -> Config:
    """Alembic's settings for the migrations that lie in this package, wherever it is installed."""
    from alembic.config import Config

    config = Config(attributes={"connection": conn})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return config


@contextmanager
def migration(engine: Engine) -> Iterator[Connection]:
    """One transaction in which tables may be rebuilt: a crash in the middle leaves everything as it was."""
    postgresql = engine.dialect.name == "postgresql"
    with engine.connect() as conn, _references_at_rest(conn), conn.begin():
        if postgresql:
            conn.execute(text("SET LOCAL statement_timeout = 0"))
            conn.execute(text("SET LOCAL lock_timeout = '60s'"))
            conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        yield conn
        if not postgresql and conn.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("the migration leaves rows that refer to nothing; it is undone")


@contextmanager
def _references_at_rest(conn: Connection) -> Iterator[None]:
    """SQLite changes a table by copying and dropping it, which must not take along the rows that refer to it.

    The setting has no effect inside a transaction, so it is made on the driver's connection, which begins none.
    """
    if conn.dialect.name != "sqlite":
        yield
        return
    raw: Any = conn.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _refuse_newer(conn: Connection, config: Config) -> None:
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    found = set(MigrationContext.configure(conn).get_current_heads())
    if unknown := found - known:
        raise StorageNewer(
            f"This database was last used by a newer Medvind: its tables are of form {', '.join(sorted(unknown))}, and "
            f"this one knows {', '.join(sorted(known))}. Nothing was changed. Install that Medvind again, or restore "
            "a backup from before it."
        )
