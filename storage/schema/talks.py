"""Conversations: what was asked, answered, shared and sent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, text

from storage.schema.columns import Id, Json, UtcDateTime, metadata, participant_id

conversation = Table(
    "conversation",
    metadata,
    participant_id(),
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
    postgresql_with={"fillfactor": 50},
)


answer = Table(
    "answer",
    metadata,
    participant_id(),
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
    Column("mode", String(20), comment="faces: a face stood beside each point. NULL: words alone."),
)


inbox = Table(
    "inbox",
    metadata,
    participant_id(),
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
    participant_id(),
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
    participant_id(),
    Column("conversation", Integer, primary_key=True),
    Column("step", String(130), primary_key=True),
    Column("dialogue", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("language", String(20), nullable=False, comment="The participant's, in which the lines were seen."),
    Column("sealed_lines", LargeBinary, nullable=False),
    Column("shared_at", UtcDateTime, nullable=False),
    Column("untranslated_since", UtcDateTime, comment="Its own words wait to be translated. NULL: they do not."),
    Index(None, "participant_id", "shared_at"),
    Index(
        "ix_card_untranslated",
        "untranslated_since",
        sqlite_where=text("untranslated_since IS NOT NULL"),
        postgresql_where=text("untranslated_since IS NOT NULL"),
    ),
    comment="What a participant chose to share: nothing else of theirs reaches a specialist.",
)

translation = Table(
    "translation",
    metadata,
    participant_id(),
    Column("words", LargeBinary, primary_key=True, comment="Keyed hash of own words, by the person's own key."),
    Column("language", String(20), primary_key=True, comment="Into which."),
    Column("kind", String(20), primary_key=True, comment="machine, human"),
    Column("sealed_text", LargeBinary, nullable=False),
    Column("staff_id", Id, ForeignKey("staff.id"), comment="Who wrote it. NULL: a program."),
    Column("at", UtcDateTime, nullable=False),
    comment="What shared own words mean in another language. It goes when nothing shared has these words any more.",
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
