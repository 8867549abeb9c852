"""The programme in versions, and the drafts that may become the next one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add them. The next start makes version 1 of the programme file."""
    op.create_table(
        "programme_version",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="As in a programme file, which is in clear too."),
        sa.Column("file", sa.String(64), nullable=False, comment="SHA-256 of the programme file at that time."),
        sa.Column("by", sa.String(60), nullable=False, comment="start, or staff:7."),
        sa.Column("second", sa.String(60), nullable=False, comment="Who agreed. Empty where one is enough."),
        sa.Column("sealed_note", sa.LargeBinary(), comment="What was said to it."),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_programme_version")),
        comment="Immutable. The latest one is in force.",
    )
    op.create_table(
        "programme_draft",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("staff_id", ID, nullable=False, comment="Who wrote it."),
        sa.Column("base", sa.Integer(), nullable=False, comment="The version it was written on top of."),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, comment="draft, waiting, agreed, declined, dropped"),
        sa.Column("sealed_note", sa.LargeBinary(), comment="What its author says to it."),
        sa.Column("decided_by", ID, comment="Who agreed, declined or dropped it."),
        sa.Column("sealed_words", sa.LargeBinary(), comment="What somebody who declined says."),
        sa.Column("at", INSTANT, nullable=False, comment="When it came to this state."),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_programme_draft_staff_id_staff")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_programme_draft_decided_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_draft")),
    )
    op.create_index(op.f("ix_programme_draft_staff_id"), "programme_draft", ["staff_id"])


def downgrade() -> None:
    """Take them away: what stands in the programme file counts again."""
    op.drop_table("programme_draft")
    op.drop_table("programme_version")
