"""Form: which form the tables have, and which is the newest that this Medvind knows. Neither needs Alembic."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

FOLDER = Path(__file__).parent / "migrations"

_NOTED = table("alembic_version", column("version_num"))


@cache
def newest() -> str:
    """The form that this Medvind works with, e.g. "0003". Each is named in a file of its own, and they are in order."""
    return max(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def found(conn: Connection) -> str:
    """The form that the tables have. Raises an error of SQLAlchemy where there are none."""
    return str(conn.execute(select(_NOTED.c.version_num)).scalar_one())


def found_if_any(conn: Connection) -> str:
    """The same, or "" for a database without tables."""
    noted = conn.scalar(select(_NOTED.c.version_num)) if inspect(conn).has_table(_NOTED.name) else None
    return str(noted or "")
