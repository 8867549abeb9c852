"""The first tables: people, check-ins, messages, cards, digests, agreements and the record of who did what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

TABLES_IN_ORDER = (
    "vault_key",
    "participant",
    "address",
    "staff",
    "assignment",
    "access_link",
    "web_session",
    "script_version",
    "consent",
    "conversation",
    "answer",
    "inbox",
    "outbox",
    "card",
    "digest",
    "agreement",
    "request",
    "audit",
)


def upgrade() -> None:
    """Make the tables, those that others refer to first."""
    _keys_and_people()
    _staff()
    _ways_in()
    _scripts()
    _check_ins()
    _messages()
    _what_is_shared()
    _what_is_agreed()
    _record()


def _keys_and_people() -> None:
    op.create_table(
        "vault_key",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_vault_key"),
        comment="Keys of the deployment, wrapped by the master key. 'lookup' is the key of the keyed hashes.",
    )
    op.create_table(
        "participant",
        sa.Column("id", ID, nullable=False),
        sa.Column("data_key", sa.LargeBinary(), comment="This person's key, wrapped. NULL: erased."),
        sa.Column("sealed_name", sa.LargeBinary()),
        sa.Column(
            "sealed_pseudonym", sa.LargeBinary(), comment="What staff lists and mails call the person, e.g. S.K."
        ),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column(
            "state", sa.String(length=20), nullable=False, comment="active, paused, stopped. Never shown to staff."
        ),
        sa.Column("paused_until", INSTANT),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column(
            "next_seq", sa.BigInteger(), nullable=False, comment="Next number for this person's inbox and outbox rows."
        ),
        sa.Column("next_conversation", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
    )
    op.create_table(
        "address",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False, comment="Keyed hash of channel and address."),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_address_participant_id_participant"),
        sa.PrimaryKeyConstraint("participant_id", "channel", name="pk_address"),
        sa.UniqueConstraint("channel", "lookup", name="uq_address_channel_lookup"),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", ID, nullable=False),
        sa.Column("data_key", sa.LargeBinary()),
        sa.Column("sealed_name", sa.LargeBinary()),
        sa.Column("sealed_mail", sa.LargeBinary()),
        sa.Column(
            "role",
            sa.String(length=20),
            nullable=False,
            comment="specialist, coordinator, translator, administrator, auditor",
        ),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("working_days", sa.String(length=7), nullable=False, comment="ISO weekdays, e.g. 12345"),
        sa.Column("digest_at", sa.String(length=5), nullable=False, comment="Local time of the digest, HH:MM."),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
    )
    op.create_table(
        "assignment",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("until", INSTANT, comment="NULL: this is the assigned specialist now."),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_assignment_participant_id_participant"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_assignment_staff_id_staff"),
        sa.PrimaryKeyConstraint("participant_id", "staff_id", "since", name="pk_assignment"),
    )
    op.create_index("ix_assignment_staff_id_until", "assignment", ["staff_id", "until"])
    op.create_index(
        "uq_assignment_now",
        "assignment",
        ["participant_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )


def _ways_in() -> None:
    op.create_table(
        "access_link",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("participant_id", ID),
        sa.Column("staff_id", ID),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_access_link_participant_id_participant"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_access_link_staff_id_staff"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_access_link"),
        comment="Personal links. Only the hash of the token is kept.",
    )
    op.create_index("ix_access_link_participant_id", "access_link", ["participant_id"])
    op.create_index("ix_access_link_staff_id", "access_link", ["staff_id"])
    op.create_table(
        "web_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("participant_id", ID),
        sa.Column("staff_id", ID),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_web_session_participant_id_participant"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_web_session_staff_id_staff"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_web_session"),
    )
    op.create_index("ix_web_session_participant_id", "web_session", ["participant_id"])
    op.create_index("ix_web_session_staff_id", "web_session", ["staff_id"])


def _scripts() -> None:
    op.create_table(
        "script_version",
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False, comment="SHA-256 of sources and texts."),
        sa.Column("sources", JSON, nullable=False, comment="dialogue -> text of its script: this one and all it runs."),
        sa.Column("texts", JSON, nullable=False, comment="language -> context -> text, for complete languages only."),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("published_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("dialogue", "version", name="pk_script_version"),
        comment="Immutable. A conversation is pinned to one.",
    )


def _check_ins() -> None:
    op.create_table(
        "consent",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("question", sa.String(length=130), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("decision", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_consent_participant_id_participant"),
        sa.PrimaryKeyConstraint("participant_id", "question", "at", name="pk_consent"),
    )
    op.create_table(
        "conversation",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False, comment="open, closed, expired, stopped, broken"),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("sealed_session", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_conversation_participant_id_participant"
        ),
        sa.PrimaryKeyConstraint("participant_id", "number", name="pk_conversation"),
        comment="At most one of a participant is open, and it is found without looking through the others.",
    )
    op.create_index(
        "uq_conversation_open",
        "conversation",
        ["participant_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "answer",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("question", sa.String(length=130), nullable=False, comment="dialogue/step: survives rewording."),
        sa.Column(
            "each", sa.String(length=64), nullable=False, comment="The option a repeated question is about, or ''."
        ),
        sa.Column("conversation", sa.Integer(), nullable=False),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="Number of the message that gave it: the highest counts, the others are history.",
        ),
        sa.Column(
            "outcome", sa.String(length=20), nullable=False, comment="answered, skipped, does_not_fit, retracted"
        ),
        sa.Column("choices", JSON, comment="Option names."),
        sa.Column("number", sa.Float()),
        sa.Column("day", sa.String(length=10)),
        sa.Column("sealed_words", sa.LargeBinary()),
        sa.Column("version", sa.Integer(), nullable=False, comment="Script version: with language, the exact wording."),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_answer_participant_id_participant"),
        sa.PrimaryKeyConstraint("participant_id", "question", "each", "conversation", "revision", name="pk_answer"),
    )


def _messages() -> None:
    op.create_table(
        "inbox",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column(
            "message_id",
            sa.String(length=80),
            nullable=False,
            comment="The channel's own id: a second copy has no effect.",
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("conversation", sa.Integer(), nullable=False, comment="0: none was open."),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False, comment="done, quarantined"),
        sa.Column("cause", sa.Text(), comment="Why it is quarantined: type and place of the error, never content."),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_inbox_participant_id_participant"),
        sa.PrimaryKeyConstraint("participant_id", "channel", "message_id", name="pk_inbox"),
    )
    op.create_table(
        "outbox",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("conversation", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("sealed_body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False, comment="queued, sent, dead"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_outbox_participant_id_participant"),
        sa.PrimaryKeyConstraint("participant_id", "seq", name="pk_outbox"),
    )


def _what_is_shared() -> None:
    op.create_table(
        "card",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("conversation", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=130), nullable=False),
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "language", sa.String(length=20), nullable=False, comment="The participant's, in which the lines were seen."
        ),
        sa.Column("sealed_lines", sa.LargeBinary(), nullable=False),
        sa.Column("shared_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_card_participant_id_participant"),
        sa.PrimaryKeyConstraint("participant_id", "conversation", "step", name="pk_card"),
        comment="What a participant chose to share: nothing else of theirs reaches a specialist.",
    )
    op.create_table(
        "digest",
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False, comment="Local date."),
        sa.Column("message_id", sa.String(length=120), nullable=False, comment="Of the mail: stable over retries."),
        sa.Column("state", sa.String(length=20), nullable=False, comment="sending, sent, held"),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_digest_staff_id_staff"),
        sa.PrimaryKeyConstraint("staff_id", "day", name="pk_digest"),
    )


def _what_is_agreed() -> None:
    op.create_table(
        "agreement",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="The highest counts; both sides see the others."),
        sa.Column("sealed_what", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_sign", sa.LargeBinary(), comment="How both notice that it is done."),
        sa.Column(
            "owner", sa.String(length=20), nullable=False, comment="participant, specialist, together, someone_else"
        ),
        sa.Column("due", sa.String(length=10)),
        sa.Column("state", sa.String(length=20), nullable=False, comment="proposed, active, done, changed, dropped"),
        sa.Column("proposed_by", sa.String(length=20), nullable=False),
        sa.Column("confirmed_by_participant_at", INSTANT),
        sa.Column("confirmed_by_specialist_at", INSTANT),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_agreement_participant_id_participant"),
        sa.PrimaryKeyConstraint("participant_id", "number", "revision", name="pk_agreement"),
    )
    op.create_table(
        "request",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="contact, help, interpreter, news"),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("sealed_words", sa.LargeBinary()),
        sa.Column("state", sa.String(length=20), nullable=False, comment="open, answered, withdrawn"),
        sa.Column("reply", sa.String(length=40)),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_request_participant_id_participant"),
        sa.PrimaryKeyConstraint("participant_id", "number", name="pk_request"),
    )


def _record() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False, comment="staff:7, participant:12, system"),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("participant_id", ID),
        sa.Column("details", JSON, comment="Names and numbers of things, never a person's words."),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_participant_id_at", "audit", ["participant_id", "at"])


def downgrade() -> None:
    """Remove the tables and all that they hold."""
    for table in reversed(TABLES_IN_ORDER):
        op.drop_table(table)
