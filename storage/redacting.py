"""Redacting: one participant's sealed texts are changed where they lie, for somebody who takes words of theirs back.

Whoever calls these has locked the person (``people.present``), so that no turn works on the same rows meanwhile.
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, literal_column, update

from storage.own import Message, OwnCard, agenda_place, body_place, session_place
from storage.schema import answer, card, conversation, inbox, outbox, participant
from storage.vault import Cipher


def put_card(conn: Connection, cipher: Cipher, participant_id: int, changed: OwnCard) -> None:
    """Other lines in a card that is there. When it was shared stays."""
    place = f"card.lines|{participant_id}|{changed.conversation}|{changed.step}"
    this = and_(
        card.c.participant_id == participant_id,
        card.c.conversation == changed.conversation,
        card.c.step == changed.step,
    )
    conn.execute(update(card).where(this).values(sealed_lines=cipher.seal(place, changed.lines)))


def put_session(conn: Connection, cipher: Cipher, participant_id: int, number: int, session: bytes) -> None:
    """Another session in a conversation that is there."""
    this = and_(conversation.c.participant_id == participant_id, conversation.c.number == number)
    sealed = cipher.seal(session_place(participant_id, number), session)
    conn.execute(update(conversation).where(this).values(sealed_session=sealed))


def put_agenda(conn: Connection, cipher: Cipher, participant_id: int, agenda: bytes) -> None:
    """Another plan."""
    sealed = cipher.seal(agenda_place(participant_id), agenda)
    conn.execute(update(participant).where(participant.c.id == participant_id).values(sealed_agenda=sealed))


def put_message(
    conn: Connection, cipher: Cipher, participant_id: int, changed: Message, *, is_gone: bool = True
) -> None:
    """Another text in a message that is there. One that ``is_gone`` and has not left yet is not sent any more."""
    sealed = cipher.seal(body_place(participant_id, *changed[:4]), changed.body)
    if changed.message_id is not None:
        theirs = and_(
            inbox.c.participant_id == participant_id,
            inbox.c.channel == changed.channel,
            inbox.c.message_id == changed.message_id,
        )
        conn.execute(update(inbox).where(theirs).values(sealed_body=sealed))
        return
    ours = and_(outbox.c.participant_id == participant_id, outbox.c.seq == changed.seq)
    conn.execute(update(outbox).where(ours).values(sealed_body=sealed))
    if is_gone:
        conn.execute(update(outbox).where(ours, _QUEUED).values(state=literal_column("'cancelled'")))


def forget_answer(conn: Connection, participant_id: int, number: int, question: str, each: str) -> list[int]:
    """Delete every revision of an answer: the numbers of the messages that gave it."""
    this = and_(
        answer.c.participant_id == participant_id,
        answer.c.conversation == number,
        answer.c.question == question,
        answer.c.each == each,
    )
    return list(conn.scalars(delete(answer).where(this).returning(answer.c.revision)))


_QUEUED = outbox.c.state == literal_column("'queued'")
