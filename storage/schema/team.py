"""Staff: who they are, when they work, and what is for their own eyes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, UniqueConstraint, text

from storage.schema.columns import Id, UtcDateTime, metadata

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
    Column("hours_from", String(5), comment="Local time at which work begins, HH:MM. NULL: not said."),
    Column("hours_to", String(5), comment="Local time at which work ends. NULL: not said."),
    Column("answers_within", Integer, comment="Working days for a request. NULL: as the programme says."),
    Column("most_open", Integer, comment="More open requests are said in the own overview. NULL: never."),
    Column("reviews", String(200), comment="Languages whose texts a translator may review: codes. NULL: none."),
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
