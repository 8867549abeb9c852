"""Programmes: what a deployment decided, in versions that never change, and what may become the next one."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from storage.schema.columns import Id, UtcDateTime, metadata

programme_version = Table(
    "programme_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False, comment="As in a programme file, which is in clear too."),
    Column("file", String(64), nullable=False, comment="SHA-256 of the programme file at that time."),
    Column("by", String(60), nullable=False, comment="start, or staff:7."),
    Column("second", String(60), nullable=False, comment="Who agreed. Empty where one is enough."),
    Column("sealed_note", LargeBinary, comment="What was said to it."),
    Column("at", UtcDateTime, nullable=False),
    comment="Immutable. The latest one is in force.",
)

programme_draft = Table(
    "programme_draft",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False, comment="Who wrote it."),
    Column("base", Integer, nullable=False, comment="The version it was written on top of."),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False, comment="draft, waiting, agreed, declined, dropped"),
    Column("sealed_note", LargeBinary, comment="What its author says to it."),
    Column("decided_by", Id, ForeignKey("staff.id"), comment="Who agreed, declined or dropped it."),
    Column("sealed_words", LargeBinary, comment="What somebody who declined says."),
    Column("at", UtcDateTime, nullable=False, comment="When it came to this state."),
    Index(None, "staff_id"),
)
