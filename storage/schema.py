"""The tables. Every table a participant owns has ``participant_id`` first in its key, so it can be split by it.

Columns named ``sealed_*`` hold ciphertext of the owner's own key (see ``storage.vault``): without that key they are
noise, so erasing ``data_key`` erases the person. What has no owner is sealed with the deployment's key. Choices and
numbers stay readable to SQL.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Aware in Python, UTC in the database, on SQLite too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody can say which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite hands back naive times; they are UTC."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


Id = BigInteger().with_variant(Integer, "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _participant() -> Column[int]:
    return Column("participant_id", Id, ForeignKey("participant.id"), primary_key=True)


vault_key = Table(
    "vault_key",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    comment="Keys of the deployment, wrapped by the master key. 'lookup' is the key of the keyed hashes, 'deployment' "
    "seals what belongs to nobody.",
)

participant = Table(
    "participant",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("data_key", LargeBinary, comment="This person's key, wrapped. NULL: erased."),
    Column("sealed_name", LargeBinary),
    Column("sealed_pseudonym", LargeBinary, comment="What staff lists and mails call the person, e.g. S.K."),
    Column("language", String(20), nullable=False),
    Column("state", String(20), nullable=False, comment="active, paused, stopped. Never shown to staff."),
    Column("paused_until", UtcDateTime),
    Column("time_zone", String(60), nullable=False),
    Column("next_seq", BigInteger, nullable=False, comment="Next number for this person's inbox and outbox rows."),
    Column("next_conversation", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("next_due", UtcDateTime, comment="When Medvind has to do something of its own accord. NULL: never."),
    Column("sealed_agenda", LargeBinary, comment="When check-ins come, and what came already. NULL: as for everybody."),
    Index(
        "ix_participant_next_due",
        "next_due",
        sqlite_where=text("next_due IS NOT NULL"),
        postgresql_where=text("next_due IS NOT NULL"),
    ),
)

address = Table(
    "address",
    metadata,
    _participant(),
    Column("channel", String(20), primary_key=True),
    Column("lookup", LargeBinary, nullable=False, comment="Keyed hash of channel and address."),
    Column("sealed_address", LargeBinary, nullable=False),
    Column(
        "state",
        String(20),
        nullable=False,
        comment="waiting: claimed by an invitation and not confirmed yet. active, unreachable.",
    ),
    Column("since", UtcDateTime, nullable=False, comment="When it came to this state."),
    Column("check_number", String(4), comment="What both sides see until it is confirmed."),
    Column("quiet_until", UtcDateTime, comment="The channel asked to send nothing to this address before then."),
    UniqueConstraint("channel", "lookup"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("data_key", LargeBinary),
    Column("sealed_name", LargeBinary),
    Column("sealed_mail", LargeBinary),
    Column(
        "role",
        String(20),
        nullable=False,
        comment="specialist, coordinator, translator, administrator, auditor",
    ),
    Column("language", String(20), nullable=False),
    Column("time_zone", String(60), nullable=False),
    Column("working_days", String(7), nullable=False, comment="ISO weekdays, e.g. 12345"),
    Column("digest_at", String(5), nullable=False, comment="Local time of the digest, HH:MM."),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

staff_leave = Table(
    "staff_leave",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("first_day", String(10), primary_key=True, comment="Local date, like the last day of it."),
    Column("last_day", String(10), nullable=False),
    Column("cover_id", Id, ForeignKey("staff.id"), comment="Who reads meanwhile. NULL: nobody."),
)

assignment = Table(
    "assignment",
    metadata,
    _participant(),
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("since", UtcDateTime, primary_key=True),
    Column("until", UtcDateTime, comment="NULL: this is the assigned specialist now."),
    Column(
        "sees_since", UtcDateTime, comment="The participant lets them see what was shared from then on. NULL: since."
    ),
    Index(None, "staff_id", "until"),
    Index(
        "uq_assignment_now",
        "participant_id",
        unique=True,
        sqlite_where=text("until IS NULL"),
        postgresql_where=text("until IS NULL"),
    ),
)

access_link = Table(
    "access_link",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("participant_id", Id, ForeignKey("participant.id")),
    Column("staff_id", Id, ForeignKey("staff.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Index(None, "participant_id"),
    Index(None, "staff_id"),
    comment="Personal links. Only the hash of the token is kept.",
)

invitation = Table(
    "invitation",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("code_hash", LargeBinary, nullable=False, comment="Of the short code, which can be typed."),
    Column("participant_id", Id, ForeignKey("participant.id"), nullable=False),
    Column("created_by", String(40), nullable=False, comment="staff:7, command line"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime, comment="It opens once."),
    Column("revoked_at", UtcDateTime),
    UniqueConstraint("code_hash"),
    Index(None, "participant_id"),
    comment="Ways into a channel for somebody who has no address there yet. Only keyed hashes are kept.",
)

invitation_attempt = Table(
    "invitation_attempt",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("lookup", LargeBinary, nullable=False, comment="Keyed hash of channel and address."),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "lookup", "at"),
    comment="Tries to come in that failed, so that nobody can try for ever.",
)

web_session = Table(
    "web_session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("participant_id", Id, ForeignKey("participant.id")),
    Column("staff_id", Id, ForeignKey("staff.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Index(None, "participant_id"),
    Index(None, "staff_id"),
)

consent = Table(
    "consent",
    metadata,
    _participant(),
    Column("question", String(130), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("decision", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("language", String(20), nullable=False),
    Column("channel", String(20), nullable=False),
)

script_version = Table(
    "script_version",
    metadata,
    Column("dialogue", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("fingerprint", String(64), nullable=False, comment="SHA-256 of sources and texts."),
    Column("sources", Json, nullable=False, comment="dialogue -> text of its script: this one and all it runs."),
    Column("texts", Json, nullable=False, comment="language -> context -> text, for complete languages only."),
    Column("published_at", UtcDateTime, nullable=False),
    Column("published_by", String(60), nullable=False),
    comment="Immutable. A conversation is pinned to one.",
)

conversation = Table(
    "conversation",
    metadata,
    _participant(),
    Column("number", Integer, primary_key=True),
    Column("dialogue", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False, comment="open, aside, closed, expired, stopped, broken"),
    Column("started_at", UtcDateTime, nullable=False),
    Column("closes_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("sealed_session", LargeBinary, nullable=False),
    Column(
        "asked_seq",
        BigInteger,
        nullable=False,
        server_default=text("0"),
        comment="Outbox number of the question or offer that waits. 0: none.",
    ),
    Column("reacted_at", UtcDateTime, comment="When the person first wrote or pressed something in it. NULL: never."),
    Column("resumes", Integer, comment="Number of the conversation that goes on when this one is over. NULL: none."),
    Index(
        "uq_conversation_open",
        "participant_id",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    comment="At most one of a participant is open, and it is found without looking through the others.",
)

answer = Table(
    "answer",
    metadata,
    _participant(),
    Column("question", String(130), primary_key=True, comment="dialogue/step: survives rewording."),
    Column("each", String(64), primary_key=True, comment="The option a repeated question is about, or ''."),
    Column("conversation", Integer, primary_key=True),
    Column(
        "revision",
        Integer,
        primary_key=True,
        comment="Number of the message that gave it: the highest counts, the others are history.",
    ),
    Column("outcome", String(20), nullable=False, comment="answered, skipped, does_not_fit, retracted"),
    Column("choices", Json, comment="Option names."),
    Column("number", Float),
    Column("day", String(10)),
    Column("sealed_words", LargeBinary),
    Column("version", Integer, nullable=False, comment="Script version: with language, the exact wording."),
    Column("language", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    _participant(),
    Column("channel", String(20), primary_key=True),
    Column(
        "message_id",
        String(80),
        primary_key=True,
        comment="The channel's own id: a second copy has no effect.",
    ),
    Column("seq", BigInteger, nullable=False),
    Column("conversation", Integer, nullable=False, comment="0: none was open."),
    Column("sealed_body", LargeBinary, nullable=False),
    Column("state", String(20), nullable=False, comment="done, quarantined"),
    Column("cause", Text, comment="Why it is quarantined: type and place of the error, never content."),
    Column("received_at", UtcDateTime, nullable=False),
    Index(
        "ix_inbox_quarantined",
        "received_at",
        sqlite_where=text("state = 'quarantined'"),
        postgresql_where=text("state = 'quarantined'"),
    ),
)

outbox = Table(
    "outbox",
    metadata,
    _participant(),
    Column("seq", BigInteger, primary_key=True),
    Column("conversation", Integer, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("sealed_body", LargeBinary, nullable=False),
    Column("state", String(20), nullable=False, comment="queued, sent, dead, cancelled"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("parts_sent", Integer, nullable=False, server_default=text("0"), comment="Of a long message."),
    Column("not_before", UtcDateTime, comment="When to try again."),
    Column("channel_id", String(40), comment="The channel's own id of the last part."),
    Column("cause", String(200), comment="Why it was not sent: a type or the channel's words, never content."),
    Index(
        "ix_outbox_queued",
        "channel",
        "participant_id",
        "seq",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    Index("ix_outbox_dead", "channel", sqlite_where=text("state = 'dead'"), postgresql_where=text("state = 'dead'")),
)

channel_state = Table(
    "channel_state",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("alive_at", UtcDateTime, comment="When it last answered. NULL: never yet."),
    Column("paused_until", UtcDateTime, comment="The channel asked to send nothing at all before then."),
    Column("trouble", String(200), comment="What an operator has to see to. NULL: nothing."),
)

stray = Table(
    "stray",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("update_id", String(80), primary_key=True, comment="The channel's own: a second copy has no effect."),
    Column("sealed_body", LargeBinary, nullable=False),
    Column("cause", Text, nullable=False, comment="Type and place of the error, never content."),
    Column("received_at", UtcDateTime, nullable=False),
    comment="What came in and nobody could read, kept for a few days. Sealed with the deployment's key.",
)

card = Table(
    "card",
    metadata,
    _participant(),
    Column("conversation", Integer, primary_key=True),
    Column("step", String(130), primary_key=True),
    Column("dialogue", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("language", String(20), nullable=False, comment="The participant's, in which the lines were seen."),
    Column("sealed_lines", LargeBinary, nullable=False),
    Column("shared_at", UtcDateTime, nullable=False),
    Index(None, "participant_id", "shared_at"),
    comment="What a participant chose to share: nothing else of theirs reaches a specialist.",
)

digest = Table(
    "digest",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("day", String(10), primary_key=True, comment="Local date."),
    Column("message_id", String(120), nullable=False, comment="Of the mail: stable over retries."),
    Column("state", String(20), nullable=False, comment="sending, sent, held"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    Index("ix_digest_unsent", "state", sqlite_where=text("state <> 'sent'"), postgresql_where=text("state <> 'sent'")),
)

process = Table(
    "process",
    metadata,
    Column("id", String(60), primary_key=True, comment="Made up at its start."),
    Column("host", String(120), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("address", String(200), nullable=False, comment="Where it listens."),
    Column("version", String(40), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("alive_at", UtcDateTime, nullable=False, comment="By the clock of the database's machine."),
    Column("stopping", Boolean, nullable=False),
    Column("leads", Json, nullable=False, comment="The names it leads in."),
    comment="The processes that share this database. One that is not heard of is dead.",
)

agreement = Table(
    "agreement",
    metadata,
    _participant(),
    Column("number", Integer, primary_key=True),
    Column("revision", Integer, primary_key=True, comment="The highest counts; both sides see the others."),
    Column("sealed_what", LargeBinary, nullable=False),
    Column("sealed_sign", LargeBinary, comment="How both notice that it is done."),
    Column("language", String(20), nullable=False, comment="In which the words were written."),
    Column("owner", String(20), nullable=False, comment="participant, specialist, together, someone_else"),
    Column("due", String(10), comment="Local date. NULL: no day."),
    Column("state", String(20), nullable=False, comment="proposed, active, done, dropped, declined"),
    Column("made_by", String(20), nullable=False, comment="Who made this revision: participant, specialist"),
    Column("staff_id", Id, ForeignKey("staff.id"), comment="The specialist of that moment."),
    Column("confirmed_by_participant_at", UtcDateTime),
    Column("confirmed_by_specialist_at", UtcDateTime),
    Column("at", UtcDateTime, nullable=False),
    comment="Who does what by when. Active when both have confirmed the same revision.",
)

reply = Table(
    "reply",
    metadata,
    _participant(),
    Column("conversation", Integer, primary_key=True),
    Column("step", String(130), primary_key=True, comment="The share step, as in the table card."),
    Column("line", String(200), primary_key=True, comment="The line of the card: name, or name|group."),
    Column("code", String(20), nullable=False, comment="yes, together, try, not_my_role, talk_first, seen"),
    Column("who", String(60), comment="For not_my_role: who does it, by the role card."),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("told_at", UtcDateTime, comment="When the participant was told. Of seen nobody is told."),
    comment="What a specialist answered to a shared line that asks for something. A line without one is open.",
)

contact_log = Table(
    "contact_log",
    metadata,
    _participant(),
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("day", String(10), primary_key=True, comment="Local date on which the specialist was in contact."),
    comment="Kept by specialists themselves: that there was contact, and nothing about it.",
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(40), nullable=False, comment="staff:7, participant:12, system"),
    Column("action", String(60), nullable=False),
    Column("participant_id", Id),
    Column("details", Json, comment="Names and numbers of things, never a person's words."),
    Index(None, "participant_id", "at"),
)

staff_address = Table(
    "staff_address",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("channel", String(20), primary_key=True),
    Column("lookup", LargeBinary, nullable=False, comment="Keyed hash of channel and address."),
    Column("sealed_address", LargeBinary, nullable=False),
    Column("state", String(20), nullable=False, comment="active, unreachable"),
    Column("since", UtcDateTime, nullable=False, comment="When it came to this state."),
    UniqueConstraint("channel", "lookup"),
    comment="Where a member of staff is told that an overview is ready, beside mail.",
)

staff_invitation = Table(
    "staff_invitation",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime, comment="It opens once."),
    Index(None, "staff_id"),
    comment="Ways into a messenger for a member of staff. Only keyed hashes are kept.",
)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("day", String(10), nullable=False, comment="UTC date: no time, which could tell whose it is."),
    Column("dialogue", String(64), nullable=False),
    Column("step", String(130), nullable=False),
    Column("version", Integer, nullable=False),
    Column("language", String(20), nullable=False),
    Column("reason", String(20), nullable=False, comment="not_good, not_clear, translation"),
    Index(None, "dialogue", "day"),
    comment="What participants think of a question. Nobody can tell who said it.",
)

reflection = Table(
    "reflection",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("dialogue", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(20), nullable=False, comment="open, closed"),
    Column("sealed_session", LargeBinary, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    comment="A specialist's own check-in, sealed with their key and shown to nobody else. No participant is named "
    "in it.",
)

team_answer = Table(
    "team_answer",
    metadata,
    Column("month", String(7), primary_key=True, comment="YYYY-MM"),
    Column("question", String(130), primary_key=True),
    Column("lookup", LargeBinary, primary_key=True, comment="Keyed hash of the member of staff: one answer a month."),
    Column("choice", String(60), nullable=False),
    comment="What specialists chose to add to the count of the team. It is shown from ten people on.",
)
