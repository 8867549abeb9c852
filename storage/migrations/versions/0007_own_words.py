"""Own words: a translation beside what a person wrote."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
WAITS = sa.text("untranslated_since IS NOT NULL")

IN_PLACE: Literal["never"] = "never"
"""SQLite adds and drops this column without copying the table, which may be large."""


def upgrade() -> None:
    """Add it. Nothing that was shared before waits: nobody was told of it then."""
    with op.batch_alter_table("card", recreate=IN_PLACE) as batch:
        batch.add_column(
            sa.Column("untranslated_since", INSTANT, comment="Its own words wait to be translated. NULL: they do not.")
        )
    op.create_index("ix_card_untranslated", "card", ["untranslated_since"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table(
        "translation",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column(
            "words", sa.LargeBinary(), nullable=False, comment="Keyed hash of own words, by the person's own key."
        ),
        sa.Column("language", sa.String(length=20), nullable=False, comment="Into which."),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="machine, human"),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", ID, comment="Who wrote it. NULL: a program."),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_translation_participant_id_participant"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_translation_staff_id_staff"),
        sa.PrimaryKeyConstraint("participant_id", "words", "language", "kind", name="pk_translation"),
        comment="What shared own words mean in another language. It goes when nothing shared has these words any more.",
    )


def downgrade() -> None:
    """Take it away. What was translated is lost."""
    op.drop_table("translation")
    op.drop_index("ix_card_untranslated", "card")
    with op.batch_alter_table("card", recreate=IN_PLACE) as batch:
        batch.drop_column("untranslated_since")
