"""Both sides: agreements that two confirm, replies to what was asked for, and a specialist's own check-in."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)

IN_PLACE: Literal["never"] = "never"
"""SQLite adds and drops these columns without copying the table, which may be large."""

BEFORE, SINCE = "open, closed, expired, stopped, broken", "open, aside, closed, expired, stopped, broken"


def upgrade() -> None:
    """Add it. Until now nothing wrote agreements or requests."""
    op.drop_table("request")
    op.drop_table("agreement")
    _conversation_states(BEFORE, SINCE)
    with op.batch_alter_table("assignment", recreate=IN_PLACE) as batch:
        batch.add_column(
            sa.Column(
                "sees_since",
                INSTANT,
                comment="The participant lets them see what was shared from then on. NULL: since.",
            )
        )
    with op.batch_alter_table("conversation", recreate=IN_PLACE) as batch:
        batch.add_column(
            sa.Column(
                "resumes",
                sa.Integer(),
                comment="Number of the conversation that goes on when this one is over. NULL: none.",
            )
        )
    _agreed()
    _staff()
    _own_check_in()


def _conversation_states(before: str, after: str) -> None:
    """Only PostgreSQL keeps comments."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("conversation", "state", comment=after, existing_comment=before)


def _agreed() -> None:
    op.create_table(
        "agreement",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="The highest counts; both sides see the others."),
        sa.Column("sealed_what", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_sign", sa.LargeBinary(), comment="How both notice that it is done."),
        sa.Column("language", sa.String(length=20), nullable=False, comment="In which the words were written."),
        sa.Column(
            "owner", sa.String(length=20), nullable=False, comment="participant, specialist, together, someone_else"
        ),
        sa.Column("due", sa.String(length=10), comment="Local date. NULL: no day."),
        sa.Column("state", sa.String(length=20), nullable=False, comment="proposed, active, done, dropped, declined"),
        sa.Column(
            "made_by", sa.String(length=20), nullable=False, comment="Who made this revision: participant, specialist"
        ),
        sa.Column("staff_id", ID, comment="The specialist of that moment."),
        sa.Column("confirmed_by_participant_at", INSTANT),
        sa.Column("confirmed_by_specialist_at", INSTANT),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_agreement_participant_id_participant"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_agreement_staff_id_staff"),
        sa.PrimaryKeyConstraint("participant_id", "number", "revision", name="pk_agreement"),
        comment="Who does what by when. Active when both have confirmed the same revision.",
    )
    op.create_table(
        "reply",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("conversation", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=130), nullable=False, comment="The share step, as in the table card."),
        sa.Column("line", sa.String(length=200), nullable=False, comment="The line of the card: name, or name|group."),
        sa.Column(
            "code", sa.String(length=20), nullable=False, comment="yes, together, try, not_my_role, talk_first, seen"
        ),
        sa.Column("who", sa.String(length=60), comment="For not_my_role: who does it, by the role card."),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, comment="When the participant was told. Of seen nobody is told."),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_reply_participant_id_participant"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_reply_staff_id_staff"),
        sa.PrimaryKeyConstraint("participant_id", "conversation", "step", "line", name="pk_reply"),
        comment="What a specialist answered to a shared line that asks for something. A line without one is open.",
    )
    op.create_table(
        "contact_log",
        sa.Column("participant_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column(
            "day", sa.String(length=10), nullable=False, comment="Local date on which the specialist was in contact."
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["participant.id"], name="fk_contact_log_participant_id_participant"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_contact_log_staff_id_staff"),
        sa.PrimaryKeyConstraint("participant_id", "staff_id", "day", name="pk_contact_log"),
        comment="Kept by specialists themselves: that there was contact, and nothing about it.",
    )


def _staff() -> None:
    op.create_table(
        "staff_address",
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False, comment="Keyed hash of channel and address."),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False, comment="active, unreachable"),
        sa.Column("since", INSTANT, nullable=False, comment="When it came to this state."),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_address_staff_id_staff"),
        sa.PrimaryKeyConstraint("staff_id", "channel", name="pk_staff_address"),
        sa.UniqueConstraint("channel", "lookup", name="uq_staff_address_channel_lookup"),
        comment="Where a member of staff is told that an overview is ready, beside mail.",
    )
    op.create_table(
        "staff_invitation",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT, comment="It opens once."),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_invitation_staff_id_staff"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_invitation"),
        comment="Ways into a messenger for a member of staff. Only keyed hashes are kept.",
    )
    op.create_index("ix_staff_invitation_staff_id", "staff_invitation", ["staff_id"])


def _own_check_in() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column(
            "day", sa.String(length=10), nullable=False, comment="UTC date: no time, which could tell whose it is."
        ),
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=130), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False, comment="not_good, not_clear, translation"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        comment="What participants think of a question. Nobody can tell who said it.",
    )
    op.create_index("ix_feedback_dialogue_day", "feedback", ["dialogue", "day"])
    op.create_table(
        "reflection",
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("dialogue", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False, comment="open, closed"),
        sa.Column("sealed_session", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_reflection_staff_id_staff"),
        sa.PrimaryKeyConstraint("staff_id", "number", name="pk_reflection"),
        comment="A specialist's own check-in, sealed with their key and shown to nobody else. No participant is named "
        "in it.",
    )
    op.create_table(
        "team_answer",
        sa.Column("month", sa.String(length=7), nullable=False, comment="YYYY-MM"),
        sa.Column("question", sa.String(length=130), nullable=False),
        sa.Column(
            "lookup", sa.LargeBinary(), nullable=False, comment="Keyed hash of the member of staff: one answer a month."
        ),
        sa.Column("choice", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("month", "question", "lookup", name="pk_team_answer"),
        comment="What specialists chose to add to the count of the team. It is shown from ten people on.",
    )


def downgrade() -> None:
    """Remove it. Conversations that wait are over then, and agreements and replies are lost."""
    for table in ("team_answer", "reflection", "feedback", "staff_invitation", "staff_address", "contact_log", "reply"):
        op.drop_table(table)
    op.drop_table("agreement")
    op.execute("UPDATE conversation SET state = 'expired' WHERE state = 'aside'")
    with op.batch_alter_table("conversation", recreate=IN_PLACE) as batch:
        batch.drop_column("resumes")
    with op.batch_alter_table("assignment", recreate=IN_PLACE) as batch:
        batch.drop_column("sees_since")
    _conversation_states(SINCE, BEFORE)
    _as_before()


def _as_before() -> None:
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
