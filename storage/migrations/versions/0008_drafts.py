"""Drafts of scripts, their texts in every language, and examples."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def _staff(table: str, column: str = "staff_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["staff.id"], name=f"fk_{table}_{column}_staff")


def upgrade() -> None:
    """Add it."""
    _drafts()
    op.create_table(
        "script_text",
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("context", sa.String(length=200), nullable=False),
        sa.Column(
            "source_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the text that it was made for."
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False, comment="machine draft, human draft, reviewed"),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _staff("script_text"),
        sa.PrimaryKeyConstraint("language", "context", "source_hash", name="pk_script_text"),
        comment="Translations of scripts that were written in the console. They lie over those of the files.",
    )
    op.create_table(
        "script_example",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "answers", JSON, nullable=False, comment="step -> what is answered there, as option names and numbers."
        ),
        sa.Column(
            "course", JSON, nullable=False, comment="What comes of it, step by step, in names and never in words."
        ),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _staff("script_example"),
        sa.PrimaryKeyConstraint("id", name="pk_script_example"),
        comment="Made-up conversations that have to go as they went, before a script is published.",
    )
    op.create_index("ix_script_example_dialogue", "script_example", ["dialogue"])
    _publications()


def _drafts() -> None:
    op.create_table(
        "draft_revision",
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="The whole script."),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _staff("draft_revision"),
        sa.PrimaryKeyConstraint("dialogue", "revision", name="pk_draft_revision"),
        comment="Every text of a draft that was ever saved: nobody's work is lost.",
    )
    op.create_table(
        "script_draft",
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="The one that counts now."),
        sa.Column(
            "base", sa.Integer(), nullable=False, comment="The version that was in use when the draft began. 0: none."
        ),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["dialogue", "revision"],
            ["draft_revision.dialogue", "draft_revision.revision"],
            name="fk_script_draft_dialogue_draft_revision",
        ),
        sa.PrimaryKeyConstraint("dialogue", name="pk_script_draft"),
        comment="The dialogues that somebody is changing. It is gone when the draft is published or put away.",
    )
    op.create_table(
        "draft_presence",
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False, comment="When they had the draft open last."),
        _staff("draft_presence"),
        sa.PrimaryKeyConstraint("dialogue", "staff_id", name="pk_draft_presence"),
    )


def _publications() -> None:
    op.create_table(
        "publication",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="Of the draft. 0: none, only texts or an earlier version.",
        ),
        sa.Column("earlier", sa.Integer(), nullable=False, comment="The version that is used again. 0: none."),
        sa.Column(
            "content", JSON, nullable=False, comment="dialogue -> sources, texts and the version that they follow."
        ),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=False, comment="What whoever publishes says about it."),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False, comment="waiting, published, declined, withdrawn"),
        sa.Column("second_id", ID, comment="Who agreed or declined. NULL: nobody was asked, or yet."),
        sa.Column("decided_at", INSTANT),
        sa.Column("sealed_answer", sa.LargeBinary(), comment="What the second one says about it."),
        _staff("publication"),
        _staff("publication", "second_id"),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
        comment="What was published in the console, or waits for a second person.",
    )
    op.create_index("ix_publication_dialogue", "publication", ["dialogue"])
    op.create_table(
        "publication_version",
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("publication_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name="fk_publication_version_publication_id_publication"
        ),
        sa.ForeignKeyConstraint(
            ["dialogue", "version"],
            ["script_version.dialogue", "script_version.version"],
            name="fk_publication_version_dialogue_script_version",
        ),
        sa.PrimaryKeyConstraint("dialogue", "version", name="pk_publication_version"),
        comment="The versions that came of a publication: of the dialogue, and of those that run it.",
    )
    op.create_index("ix_publication_version_publication_id", "publication_version", ["publication_id"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("publication_version")
    op.drop_table("publication")
    op.drop_table("script_example")
    op.drop_table("script_text")
    op.drop_table("draft_presence")
    op.drop_table("script_draft")
    op.drop_table("draft_revision")
