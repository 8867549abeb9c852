"""Scripts: what is asked, in versions that never change; drafts of the next ones, their texts, and examples."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Table, Text

from storage.schema.columns import Id, Json, UtcDateTime, metadata

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

draft_revision = Table(
    "draft_revision",
    metadata,
    Column("dialogue", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("text", Text, nullable=False, comment="The whole script."),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    comment="Every text of a draft that was ever saved: nobody's work is lost.",
)

script_draft = Table(
    "script_draft",
    metadata,
    Column("dialogue", String(64), primary_key=True),
    Column("revision", Integer, nullable=False, comment="The one that counts now."),
    Column("base", Integer, nullable=False, comment="The version that was in use when the draft began. 0: none."),
    Column("began_at", UtcDateTime, nullable=False),
    ForeignKeyConstraint(
        ["dialogue", "revision"],
        ["draft_revision.dialogue", "draft_revision.revision"],
        name="fk_script_draft_dialogue_draft_revision",
    ),
    comment="The dialogues that somebody is changing. It is gone when the draft is published or put away.",
)

draft_presence = Table(
    "draft_presence",
    metadata,
    Column("dialogue", String(64), primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("at", UtcDateTime, nullable=False, comment="When they had the draft open last."),
)

script_text = Table(
    "script_text",
    metadata,
    Column("language", String(20), primary_key=True),
    Column("context", String(200), primary_key=True),
    Column("source_hash", String(64), primary_key=True, comment="SHA-256 of the text that it was made for."),
    Column("source", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(20), nullable=False, comment="machine draft, human draft, reviewed"),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    comment="Translations of scripts that were written in the console. They lie over those of the files.",
)

text_note = Table(
    "text_note",
    metadata,
    Column("language", String(20), primary_key=True),
    Column("context", String(200), primary_key=True),
    Column("sealed_note", LargeBinary, nullable=False, comment="What seems wrong, in the words of whoever says so."),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    comment="Notes at translations, for whoever words them next. A review takes them away.",
)

script_example = Table(
    "script_example",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("dialogue", String(64), nullable=False),
    Column("name", String(80), nullable=False),
    Column("answers", Json, nullable=False, comment="step -> what is answered there, as option names and numbers."),
    Column("course", Json, nullable=False, comment="What comes of it, step by step, in names and never in words."),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "dialogue"),
    comment="Made-up conversations that have to go as they went, before a script is published.",
)

publication = Table(
    "publication",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=True),
    Column("dialogue", String(64), nullable=False),
    Column("revision", Integer, nullable=False, comment="Of the draft. 0: none, only texts or an earlier version."),
    Column("earlier", Integer, nullable=False, comment="The version that is used again. 0: none."),
    Column("content", Json, nullable=False, comment="dialogue -> sources, texts and the version that they follow."),
    Column("sealed_note", LargeBinary, nullable=False, comment="What whoever publishes says about it."),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", String(20), nullable=False, comment="waiting, published, declined, withdrawn"),
    Column("second_id", Id, ForeignKey("staff.id"), comment="Who agreed or declined. NULL: nobody was asked, or yet."),
    Column("decided_at", UtcDateTime),
    Column("sealed_answer", LargeBinary, comment="What the second one says about it."),
    Index(None, "dialogue"),
    comment="What was published in the console, or waits for a second person.",
)

publication_version = Table(
    "publication_version",
    metadata,
    Column("dialogue", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("publication_id", Id, ForeignKey("publication.id"), nullable=False),
    ForeignKeyConstraint(
        ["dialogue", "version"],
        ["script_version.dialogue", "script_version.version"],
        name="fk_publication_version_dialogue_script_version",
    ),
    Index(None, "publication_id"),
    comment="The versions that came of a publication: of the dialogue, and of those that run it.",
)
