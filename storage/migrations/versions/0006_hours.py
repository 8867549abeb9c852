"""Hours: when a specialist works and answers, and what they put off."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

IN_PLACE: Literal["never"] = "never"
"""SQLite adds and drops these columns without copying the table."""


def upgrade() -> None:
    """Add it. Nobody has said anything yet, so everything stays as it was."""
    with op.batch_alter_table("staff", recreate=IN_PLACE) as batch:
        batch.add_column(
            sa.Column(
                "hours_from", sa.String(length=5), comment="Local time at which work begins, HH:MM. NULL: not said."
            )
        )
        batch.add_column(
            sa.Column("hours_to", sa.String(length=5), comment="Local time at which work ends. NULL: not said.")
        )
        batch.add_column(
            sa.Column(
                "answers_within", sa.Integer(), comment="Working days for a request. NULL: as the programme says."
            )
        )
        batch.add_column(
            sa.Column(
                "most_open", sa.Integer(), comment="More open requests are said in the own overview. NULL: never."
            )
        )
    op.create_table(
        "snooze",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("conversation", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=130), nullable=False, comment="The share step, as in the table card."),
        sa.Column(
            "line", sa.String(length=200), nullable=False, comment="The line of the card, as in the table reply."
        ),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column(
            "until", sa.String(length=10), nullable=False, comment="Local date of the specialist, a working day."
        ),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_snooze_participant_id_participant"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_snooze_staff_id_staff"),
        sa.PrimaryKeyConstraint("participant_id", "conversation", "step", "line", "staff_id", name="pk_snooze"),
        comment="A request that a specialist wants to see again on a later day. Only they see that.",
    )
    op.create_index("ix_snooze_staff_id_until", "snooze", ["staff_id", "until"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_snooze_staff_id_until", table_name="snooze")
    op.drop_table("snooze")
    with op.batch_alter_table("staff", recreate=IN_PLACE) as batch:
        for name in ("most_open", "answers_within", "hours_to", "hours_from"):
            batch.drop_column(name)
