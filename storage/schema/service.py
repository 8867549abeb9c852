"""Service: keys, processes and the record of who did what."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from storage.schema.columns import Id, Json, UtcDateTime, metadata

vault_key = Table(
    "vault_key",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    comment="Keys of the deployment, wrapped by the master key. 'lookup' is the key of the keyed hashes, 'deployment' "
    "seals what belongs to nobody.",
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
    Index(None, "at"),
    Index(None, "actor", "id"),
)
