"""Participants: who they are, how they are reached, who accompanies them, and what both sides agreed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.schema.columns import Id, UtcDateTime, metadata, participant_id

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
    postgresql_with={"fillfactor": 75},
)


address = Table(
    "address",
    metadata,
    participant_id(),
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


assignment = Table(
    "assignment",
    metadata,
    participant_id(),
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
    Column("how", String(20), comment="Of staff: passkey, app, code, identity, demo."),
    Column("used_at", UtcDateTime, comment="Of staff: the last use, to the minute."),
    Column("confirmed_at", UtcDateTime, comment="Of staff: when they last proved who they are."),
    Index(None, "participant_id"),
    Index(None, "staff_id"),
)


consent = Table(
    "consent",
    metadata,
    participant_id(),
    Column("question", String(130), primary_key=True),
    Column("at", UtcDateTime, primary_key=True),
    Column("decision", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("language", String(20), nullable=False),
    Column("channel", String(20), nullable=False),
)


agreement = Table(
    "agreement",
    metadata,
    participant_id(),
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
    participant_id(),
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


snooze = Table(
    "snooze",
    metadata,
    participant_id(),
    Column("conversation", Integer, primary_key=True),
    Column("step", String(130), primary_key=True, comment="The share step, as in the table card."),
    Column("line", String(200), primary_key=True, comment="The line of the card, as in the table reply."),
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("until", String(10), nullable=False, comment="Local date of the specialist, a working day."),
    Index("ix_snooze_staff_id_until", "staff_id", "until"),
    comment="A request that a specialist wants to see again on a later day. Only they see that.",
)


contact_log = Table(
    "contact_log",
    metadata,
    participant_id(),
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("day", String(10), primary_key=True, comment="Local date on which the specialist was in contact."),
    comment="Kept by specialists themselves: that there was contact, and nothing about it.",
)
