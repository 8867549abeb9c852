"""Reviews: which languages a translator may review, and notes at translations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add it."""
    languages = "Languages whose texts a translator may review: codes. NULL: none."
    op.add_column("staff", sa.Column("reviews", sa.String(length=200), comment=languages))
    op.create_table(
        "text_note",
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("context", sa.String(length=200), nullable=False),
        sa.Column(
            "sealed_note",
            sa.LargeBinary(),
            nullable=False,
            comment="What seems wrong, in the words of whoever says so.",
        ),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_text_note_staff_id_staff"),
        sa.PrimaryKeyConstraint("language", "context", name="pk_text_note"),
        comment="Notes at translations, for whoever words them next. A review takes them away.",
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("text_note")
    op.drop_column("staff", "reviews")
