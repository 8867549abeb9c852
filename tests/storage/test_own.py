"""Own: everything of one person comes back opened and nothing of anybody else, and words can be taken out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from storage import digests, own, people, redacting, schema
from storage.database import Database
from storage.own import Accompanied, Contact, Message, OwnCard, OwnTalk, Place
from storage.vault import Vault
from tests.storage.rows import WORDS, fill

EVER = datetime(1970, 1, 1, tzinfo=UTC)
CARD = OwnCard(1, "weekly_checkin/share", "weekly_checkin", 1, "ar", WORDS.encode(), EVER)


@pytest.fixture
async def yusuf(database: Database, vault: Vault, samira: int, specialists: tuple[int, int], now: datetime) -> int:
    """Somebody else, with as much of their own as Samira."""

    def add(conn: Connection) -> int:
        about = {"name": "Yusuf", "pseudonym": "Y.", "language": "en", "time_zone": "UTC"}
        made = people.add_participant(conn, vault, **about, now=now)
        for person in (samira, made):
            place_of_answer(conn, vault, person, now, specialists[0])
        return made

    return await database.write(add)


def place_of_answer(conn: Connection, vault: Vault, person: int, now: datetime, staff_id: int) -> None:
    """``fill``, with the words of answers, messages and sessions where they are looked for."""
    fill(conn, vault, person, staff_id, now)
    cipher = people.participant(conn, vault, person).cipher
    question = {"participant_id": person, "conversation": 1, "question": "weekly_checkin/hard", "each": ""}
    place = f"answer.words|{person}|1|weekly_checkin/hard||1"
    answer = schema.answer.update().filter_by(**question).values(sealed_words=cipher.seal(place, WORDS))
    conn.execute(answer)
    redacting.put_session(conn, cipher, person, 1, WORDS.encode())
    for message_id, seq in (("1", 1), (None, 2)):
        redacting.put_message(
            conn, cipher, person, Message(seq, 1, "telegram", message_id, now, WORDS.encode()), is_gone=False
        )


async def test_everything_of_one_person_comes_back_opened(
    database: Database, vault: Vault, samira: int, yusuf: int, specialists: tuple[int, int], now: datetime
) -> None:
    def read(conn: Connection) -> None:
        cipher = people.participant(conn, vault, samira).cipher
        words = WORDS.encode()
        assert own.created_at(conn, samira) == now
        assert own.talks(conn, samira) == [OwnTalk(1, "weekly_checkin", 1, "closed", now, None)]
        (answer,) = own.answers(conn, cipher, samira)
        assert (answer.name, answer.words, answer.given.choices) == ("weekly_checkin/hard", WORDS, ["shifts"])
        card = CARD._replace(shared_at=now)
        assert own.cards(conn, cipher, samira) == [card]
        assert own.one_card(conn, cipher, samira, 1, "weekly_checkin/share") == card
        assert own.one_card(conn, cipher, samira, 2, "weekly_checkin/share") is None
        assert own.accompanied(conn, samira) == [Accompanied(specialists[0], now, None, None)]
        assert [(each.question, each.decision) for each in own.consents(conn, samira)] == [
            ("onboarding/consent", "yes")
        ]
        assert own.contacts(conn, samira) == [Contact(specialists[0], "2026-03-02")]
        assert own.places(conn, cipher, samira) == [Place("telegram", f"+47 900 00 00{samira}", "active", now)]
        assert own.session(conn, cipher, samira, 1) == words
        assert own.agenda(conn, cipher, samira) is None
        assert own.messages(conn, cipher, samira) == [
            Message(1, 1, "telegram", "1", now, words),
            Message(2, 1, "telegram", None, now, words),
        ]

    await database.read(read)


async def test_somebody_who_is_not_there_has_nothing(database: Database, vault: Vault, samira: int) -> None:
    def read(conn: Connection) -> None:
        cipher = people.participant(conn, vault, samira).cipher
        assert own.answers(conn, cipher, samira) == []
        with pytest.raises(KeyError):
            own.created_at(conn, 99)
        with pytest.raises(KeyError):
            own.session(conn, cipher, samira, 1)

    await database.read(read)


async def test_what_is_redacted_is_changed_for_one_person_alone(
    database: Database, vault: Vault, samira: int, yusuf: int, specialists: tuple[int, int], now: datetime
) -> None:
    def change(conn: Connection) -> None:
        cipher = people.present(conn, vault, samira)
        redacting.put_card(conn, cipher, samira, CARD._replace(lines=b"nothing"))
        redacting.put_session(conn, cipher, samira, 1, b"nothing")
        redacting.put_agenda(conn, cipher, samira, b"a plan")
        for message in own.messages(conn, cipher, samira):
            redacting.put_message(conn, cipher, samira, message._replace(body=b"nothing"))
        assert redacting.forget_answer(conn, samira, 1, "weekly_checkin/hard", "") == [1]
        assert redacting.forget_answer(conn, samira, 1, "weekly_checkin/hard", "") == []

    def everything(conn: Connection, person: int) -> set[bytes]:
        cipher = people.participant(conn, vault, person).cipher
        said = {each.body for each in own.messages(conn, cipher, person)} | {own.session(conn, cipher, person, 1)}
        said |= {card.lines for card in own.cards(conn, cipher, person)}
        return said | {answer.words.encode() for answer in own.answers(conn, cipher, person)}

    await database.write(change)
    assert await database.read(lambda conn: everything(conn, samira)) == {b"nothing"}
    assert await database.read(lambda conn: everything(conn, yusuf)) == {WORDS.encode()}
    cards = await database.read(lambda conn: digests.cards_for(conn, vault, specialists[0], None))
    assert {(card.participant_id, card.lines) for card in cards} == {(samira, b"nothing"), (yusuf, WORDS.encode())}
    assert {card.shared_at for card in cards} == {now}, "the day on which it was shared stays"


@pytest.mark.parametrize(("is_gone", "state"), [(True, "cancelled"), (False, "queued")])
async def test_what_waits_to_be_sent_is_called_off_only_when_it_is_gone(
    database: Database, vault: Vault, samira: int, yusuf: int, is_gone: bool, state: str
) -> None:
    outbox = schema.outbox

    def change(conn: Connection) -> None:
        cipher = people.present(conn, vault, samira)
        conn.execute(outbox.update().values(state="queued"))
        told = own.messages(conn, cipher, samira)[1]
        redacting.put_message(conn, cipher, samira, told._replace(body=b"nothing"), is_gone=is_gone)

    await database.write(change)
    states = await database.read(lambda conn: conn.execute(outbox.select()).all())
    assert {row.participant_id: row.state for row in states} == {samira: state, yusuf: "queued"}
