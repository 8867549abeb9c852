"""Scripts: what is asked, in versions that never change."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table

from storage.schema.columns import Json, UtcDateTime, metadata

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
