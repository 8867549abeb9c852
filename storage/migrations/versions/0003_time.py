"""Time: when something is due for somebody, who is on leave, and which processes there are."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

IN_PLACE: Literal["never"] = "never"
"""SQLite adds and drops these columns without copying the table, which may be large."""


def upgrade() -> None:
    """Add it. Everybody is looked at once, soon: what is due for them is not known before."""
    with op.batch_alter_table("participant", recreate=IN_PLACE) as batch:
        batch.add_column(
            sa.Column("next_due", INSTANT, comment="When Medvind has to do something of its own accord. NULL: never.")
        )
        batch.add_column(
            sa.Column(
                "sealed_agenda",
                sa.LargeBinary(),
                comment="When check-ins come, and what came already. NULL: as for everybody.",
            )
        )
    with op.batch_alter_table("conversation", recreate=IN_PLACE) as batch:
        batch.add_column(
            sa.Column(
                "reacted_at", INSTANT, comment="When the person first wrote or pressed something in it. NULL: never."
            )
        )
    op.execute("UPDATE conversation SET reacted_at = started_at")  # Until now only people began them.
    op.execute("UPDATE participant SET next_due = created_at WHERE data_key IS NOT NULL")
    due = sa.text("next_due IS NOT NULL")
    op.create_index("ix_participant_next_due", "participant", ["next_due"], sqlite_where=due, postgresql_where=due)
    unsent, quarantined = sa.text("state <> 'sent'"), sa.text("state = 'quarantined'")
    op.create_index("ix_card_participant_id_shared_at", "card", ["participant_id", "shared_at"])
    op.create_index("ix_digest_unsent", "digest", ["state"], sqlite_where=unsent, postgresql_where=unsent)
    op.create_index(
        "ix_inbox_quarantined", "inbox", ["received_at"], sqlite_where=quarantined, postgresql_where=quarantined
    )
    op.create_table(
        "staff_leave",
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("first_day", sa.String(length=10), nullable=False, comment="Local date, like the last day of it."),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("cover_id", ID, comment="Who reads meanwhile. NULL: nobody."),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_leave_staff_id_staff"),
        sa.ForeignKeyConstraint(["cover_id"], ["staff.id"], name="fk_staff_leave_cover_id_staff"),
        sa.PrimaryKeyConstraint("staff_id", "first_day", name="pk_staff_leave"),
    )
    op.create_table(
        "process",
        sa.Column("id", sa.String(length=60), nullable=False, comment="Made up at its start."),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False, comment="Where it listens."),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("alive_at", INSTANT, nullable=False, comment="By the clock of the database's machine."),
        sa.Column("stopping", sa.Boolean(), nullable=False),
        sa.Column("leads", JSON, nullable=False, comment="The names it leads in."),
        sa.PrimaryKeyConstraint("id", name="pk_process"),
        comment="The processes that share this database. One that is not heard of is dead.",
    )


def downgrade() -> None:
    """Remove it."""
    op.drop_table("process")
    op.drop_table("staff_leave")
    op.drop_index("ix_inbox_quarantined", "inbox")
    op.drop_index("ix_digest_unsent", "digest")
    op.drop_index("ix_card_participant_id_shared_at", "card")
    op.drop_index("ix_participant_next_due", "participant")
    with op.batch_alter_table("conversation", recreate=IN_PLACE) as batch:
        batch.drop_column("reacted_at")
    with op.batch_alter_table("participant", recreate=IN_PLACE) as batch:
        batch.drop_column("sealed_agenda")
        batch.drop_column("next_due")
