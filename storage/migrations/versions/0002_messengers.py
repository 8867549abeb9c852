"""Messengers: addresses that have to be confirmed, invitations, what became of each message that was sent."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

IN_PLACE: Literal["never"] = "never"
"""SQLite adds and drops these columns without copying the table, which may be large."""

KEYS = "Keys of the deployment, wrapped by the master key. 'lookup' is the key of the keyed hashes"
STATES = "queued, sent, dead"


def upgrade() -> None:
    """Add what messengers need. Whoever has an address is reached at it, as before."""
    _addresses()
    _invitations()
    _questions_that_wait()
    _what_became_of_messages()
    _channels()
    _comments(f"{KEYS}, 'deployment' seals what belongs to nobody.", f"{STATES}, cancelled")


def _addresses() -> None:
    with op.batch_alter_table("address") as batch:
        batch.add_column(
            sa.Column(
                "state",
                sa.String(length=20),
                comment="waiting: claimed by an invitation and not confirmed yet. active, unreachable.",
            )
        )
        batch.add_column(sa.Column("since", INSTANT, comment="When it came to this state."))
        batch.add_column(
            sa.Column("check_number", sa.String(length=4), comment="What both sides see until it is confirmed.")
        )
        batch.add_column(
            sa.Column("quiet_until", INSTANT, comment="The channel asked to send nothing to this address before then.")
        )
    op.execute(
        "UPDATE address SET state = 'active', since = "
        "(SELECT created_at FROM participant WHERE participant.id = address.participant_id)"
    )
    with op.batch_alter_table("address") as batch:
        batch.alter_column("state", existing_type=sa.String(length=20), nullable=False)
        batch.alter_column("since", existing_type=INSTANT, nullable=False)


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False, comment="Of the short code, which can be typed."),
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("created_by", sa.String(length=40), nullable=False, comment="staff:7, command line"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, comment="It opens once."),
        sa.Column("revoked_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_invitation_participant_id_participant"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_invitation"),
        sa.UniqueConstraint("code_hash", name="uq_invitation_code_hash"),
        comment="Ways into a channel for somebody who has no address there yet. Only keyed hashes are kept.",
    )
    op.create_index("ix_invitation_participant_id", "invitation", ["participant_id"])
    op.create_table(
        "invitation_attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False, comment="Keyed hash of channel and address."),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitation_attempt"),
        comment="Tries to come in that failed, so that nobody can try for ever.",
    )
    op.create_index("ix_invitation_attempt_lookup_at", "invitation_attempt", ["lookup", "at"])


def _questions_that_wait() -> None:
    with op.batch_alter_table("conversation", recreate=IN_PLACE) as batch:
        batch.add_column(
            sa.Column(
                "asked_seq",
                sa.BigInteger(),
                nullable=False,
                server_default=sa.text("0"),
                comment="Outbox number of the question or offer that waits. 0: none.",
            )
        )


def _what_became_of_messages() -> None:
    none = sa.text("0")
    with op.batch_alter_table("outbox", recreate=IN_PLACE) as batch:
        batch.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default=none))
        batch.add_column(
            sa.Column("parts_sent", sa.Integer(), nullable=False, server_default=none, comment="Of a long message.")
        )
        batch.add_column(sa.Column("not_before", INSTANT, comment="When to try again."))
        batch.add_column(
            sa.Column("channel_id", sa.String(length=40), comment="The channel's own id of the last part.")
        )
        batch.add_column(
            sa.Column(
                "cause",
                sa.String(length=200),
                comment="Why it was not sent: a type or the channel's words, never content.",
            )
        )
    for name, state, columns in (
        ("ix_outbox_queued", "queued", ["channel", "participant_id", "seq"]),
        ("ix_outbox_dead", "dead", ["channel"]),
    ):
        which = sa.text(f"state = '{state}'")
        op.create_index(name, "outbox", columns, sqlite_where=which, postgresql_where=which)


def _channels() -> None:
    op.create_table(
        "channel_state",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("alive_at", INSTANT, comment="When it last answered. NULL: never yet."),
        sa.Column("paused_until", INSTANT, comment="The channel asked to send nothing at all before then."),
        sa.Column("trouble", sa.String(length=200), comment="What an operator has to see to. NULL: nothing."),
        sa.PrimaryKeyConstraint("channel", name="pk_channel_state"),
    )
    op.create_table(
        "stray",
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column(
            "update_id",
            sa.String(length=80),
            nullable=False,
            comment="The channel's own: a second copy has no effect.",
        ),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False, comment="Type and place of the error, never content."),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "update_id", name="pk_stray"),
        comment="What came in and nobody could read, kept for a few days. Sealed with the deployment's key.",
    )


def _comments(keys: str, states: str) -> None:
    """Only PostgreSQL keeps them: SQLite would copy a whole table for one."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_table_comment("vault_key", keys)
        op.alter_column("outbox", "state", existing_type=sa.String(length=20), comment=states)


def downgrade() -> None:
    """Remove it. An older Medvind takes every address for a confirmed one, so those that wait go."""
    op.execute("DELETE FROM address WHERE state = 'waiting'")
    op.execute("UPDATE outbox SET state = 'dead' WHERE state = 'cancelled'")
    op.execute("DELETE FROM vault_key WHERE name = 'deployment'")
    _comments(f"{KEYS}.", STATES)
    for table in ("stray", "channel_state", "invitation_attempt", "invitation"):
        op.drop_table(table)
    for name in ("ix_outbox_dead", "ix_outbox_queued"):
        op.drop_index(name, "outbox")
    _drop("outbox", "cause", "channel_id", "not_before", "parts_sent", "attempts")
    _drop("conversation", "asked_seq")
    _drop("address", "quiet_until", "check_number", "since", "state")


def _drop(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, recreate=IN_PLACE) as batch:
        for column in columns:
            batch.drop_column(column)
