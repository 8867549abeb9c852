"""Emergencies: when somebody who was not assigned could see what a person shared, and who on the staff is told."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, text

from storage.schema.columns import Id, Json, UtcDateTime, metadata, participant_id

emergency = Table(
    "emergency",
    metadata,
    participant_id(),
    Column("began_at", UtcDateTime, primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True, comment="Not the person's own specialist."),
    Column("ends_at", UtcDateTime, nullable=False, comment="Then it ends by itself."),
    Column("ended_at", UtcDateTime, comment="When it was ended before that. NULL: it was not."),
    Column("sealed_reason", LargeBinary, nullable=False, comment="With the participant's key."),
    Index(None, "staff_id", "ends_at"),
    Index(None, "began_at"),
    comment="Times at which a specialist who was not assigned could see what a person shared.",
)


staff_notice = Table(
    "staff_notice",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False, comment="Who is told."),
    Column("kind", String(40), nullable=False, comment="Which text: see bot.staff_notices."),
    Column("details", Json, nullable=False, comment="Numbers of staff and times, nothing of any participant."),
    Column("state", String(20), nullable=False, comment="queued, sent, given_up"),
    Column("created_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False, comment="When to try, or to try again."),
    Column("attempts", Integer, nullable=False),
    Column("sent_at", UtcDateTime),
    Index(
        "ix_staff_notice_queued",
        "not_before",
        sqlite_where=text("state = 'queued'"),
        postgresql_where=text("state = 'queued'"),
    ),
    Index(None, "staff_id"),
    comment="What members of staff have to hear at once, stored with the act that it is about.",
)
