"""Room: on PostgreSQL pages keep some free for rows that change with every message, which then stay where they are."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

FILLED = {"conversation": 50, "participant": 75}
"""How many hundredths of a page new rows may fill."""


def upgrade() -> None:
    """Pages that are written from now on keep it."""
    if op.get_bind().dialect.name == "postgresql":
        for table, filled in FILLED.items():
            op.execute(f"ALTER TABLE {table} SET (fillfactor = {filled})")


def downgrade() -> None:
    """Pages are filled as usual."""
    if op.get_bind().dialect.name == "postgresql":
        for table in FILLED:
            op.execute(f"ALTER TABLE {table} RESET (fillfactor)")
