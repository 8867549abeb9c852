"""Emergencies: somebody who is not assigned sees what a person shared, for an hour; and the log can be searched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    """Add it."""
    op.create_table(
        "emergency",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("staff_id", ID, nullable=False, comment="Not the person's own specialist."),
        sa.Column("ends_at", INSTANT, nullable=False, comment="Then it ends by itself."),
        sa.Column("ended_at", INSTANT, comment="When it was ended before that. NULL: it was not."),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False, comment="With the participant's key."),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_emergency_participant_id_participant"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_emergency_staff_id_staff"),
        sa.PrimaryKeyConstraint("participant_id", "began_at", "staff_id", name="pk_emergency"),
        comment="Times at which a specialist who was not assigned could see what a person shared.",
    )
    op.create_index("ix_emergency_staff_id_ends_at", "emergency", ["staff_id", "ends_at"])
    op.create_index("ix_emergency_began_at", "emergency", ["began_at"])
    op.create_table(
        "staff_notice",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("staff_id", ID, nullable=False, comment="Who is told."),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="Which text: see bot.staff_notices."),
        sa.Column("details", JSON, nullable=False, comment="Numbers of staff and times, nothing of any participant."),
        sa.Column("state", sa.String(length=20), nullable=False, comment="queued, sent, given_up"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=False, comment="When to try, or to try again."),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_notice_staff_id_staff"),
        sa.PrimaryKeyConstraint("id", name="pk_staff_notice"),
        comment="What members of staff have to hear at once, stored with the act that it is about.",
    )
    queued = sa.text("state = 'queued'")
    op.create_index(
        "ix_staff_notice_queued", "staff_notice", ["not_before"], sqlite_where=queued, postgresql_where=queued
    )
    op.create_index("ix_staff_notice_staff_id", "staff_notice", ["staff_id"])
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_actor_id", "audit", ["actor", "id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_index("ix_audit_actor_id", "audit")
    op.drop_index("ix_audit_at", "audit")
    op.drop_table("staff_notice")
    op.drop_table("emergency")
