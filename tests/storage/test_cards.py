"""Cards and digests: a specialist sees what was shared with them, and no mail leaves twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from storage import digests, people, schema
from storage.database import Database
from storage.digests import CardRow
from storage.vault import DecryptFailed, Vault

DAY = timedelta(days=1)
Share = Callable[..., Callable[[Connection], None]]


@pytest.fixture
def share(vault: Vault, samira: int) -> Share:
    """Work that shares one line of Samira's."""

    def shared(line: str, at: datetime, conversation: int = 1, step: str = "weekly_checkin/share") -> Share:
        def work(conn: Connection) -> None:
            digests.put_cards(
                conn,
                [
                    digests.sealed_card(
                        people.participant(conn, vault, samira).cipher,
                        participant_id=samira,
                        conversation=conversation,
                        step=step,
                        dialogue="weekly_checkin",
                        version=3,
                        language="ar",
                        lines=line.encode(),
                        shared_at=at,
                    )
                ],
            )

        return work

    return shared


async def seen(
    database: Database, vault: Vault, staff_id: int, since: datetime | None = None, person: int | None = None
) -> list[CardRow]:
    return await database.read(lambda conn: digests.cards_for(conn, vault, staff_id, since, person))


async def test_a_card_comes_back_as_shared(
    database: Database, vault: Vault, share: Share, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(lambda conn: people.assign(conn, samira, specialists[0], now))
    await database.write(share("تعب", now))
    assert await seen(database, vault, specialists[0]) == [
        CardRow(
            participant_id=samira,
            pseudonym="S.K.",
            name="Samira Khoury",
            conversation=1,
            step="weekly_checkin/share",
            dialogue="weekly_checkin",
            version=3,
            language="ar",
            lines="تعب".encode(),
            shared_at=now,
        )
    ]
    assert "تعب" not in repr((await seen(database, vault, specialists[0]))[0])


async def test_cards_come_oldest_first_from_a_moment_on(
    database: Database, vault: Vault, share: Share, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(lambda conn: people.assign(conn, samira, specialists[0], now))
    for number in (3, 1, 2):
        await database.write(share(str(number), now + number * DAY, conversation=number))
    assert [card.lines for card in await seen(database, vault, specialists[0])] == [b"1", b"2", b"3"]
    assert [card.lines for card in await seen(database, vault, specialists[0], now + 2 * DAY)] == [b"2", b"3"]
    assert await seen(database, vault, specialists[0], now + 4 * DAY) == []


async def test_cards_of_one_person_or_of_all(
    database: Database, vault: Vault, share: Share, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(lambda conn: people.assign(conn, samira, specialists[0], now))
    await database.write(share("a", now))
    assert len(await seen(database, vault, specialists[0], None, samira)) == 1
    assert await seen(database, vault, specialists[0], None, samira + 1) == []


async def test_nobody_sees_cards_of_a_person_who_is_not_assigned_to_them(
    database: Database, vault: Vault, share: Share, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(share("a", now))
    for staff_id in specialists:
        assert await seen(database, vault, staff_id) == []


async def test_a_new_specialist_sees_only_what_is_shared_from_then_on_and_the_old_one_nothing(
    database: Database, vault: Vault, share: Share, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    await database.write(share("for Ola", now, conversation=1))
    await database.write(lambda conn: people.assign(conn, samira, kari, now + DAY))
    assert await seen(database, vault, ola) == await seen(database, vault, kari) == []
    await database.write(share("for Kari", now + DAY, conversation=2))
    assert [card.lines for card in await seen(database, vault, kari)] == [b"for Kari"]
    assert await seen(database, vault, ola) == []


async def test_a_participant_lets_a_new_specialist_see_what_was_shared_before(
    database: Database, vault: Vault, share: Share, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await database.write(lambda conn: people.let_see(conn, samira, now))  # nobody is assigned: no effect
    await database.write(lambda conn: people.assign(conn, samira, ola, now))
    for number, day in enumerate((0, 1, 2)):
        await database.write(share(f"day {day}", now + day * DAY, conversation=number))
    await database.write(lambda conn: people.assign(conn, samira, kari, now + 3 * DAY))
    assert await seen(database, vault, kari) == []

    await database.write(lambda conn: people.let_see(conn, samira, now + DAY))
    assert [card.lines for card in await seen(database, vault, kari)] == [b"day 1", b"day 2"]
    assert [card.lines for card in await seen(database, vault, kari, now + 2 * DAY, samira)] == [b"day 2"]
    assert await seen(database, vault, ola) == []
    await database.write(lambda conn: people.let_see(conn, samira, None))
    assert await seen(database, vault, kari) == []

    await database.write(lambda conn: people.let_see(conn, samira, now))
    await database.write(lambda conn: people.assign(conn, samira, ola, now + 4 * DAY))
    assert await seen(database, vault, ola) == [], "whoever comes next begins anew"


async def test_sharing_again_replaces_and_withdrawing_removes(
    database: Database, vault: Vault, share: Share, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(lambda conn: people.assign(conn, samira, specialists[0], now))
    await database.write(share("first", now))
    await database.write(share("second", now + DAY))
    await database.write(share("other step", now, step="weekly_checkin/share_more"))
    assert [card.lines for card in await seen(database, vault, specialists[0])] == [b"other step", b"second"]
    for _ in range(2):
        await database.write(lambda conn: digests.remove_cards(conn, [(samira, 1, "weekly_checkin/share")]))
    assert [card.lines for card in await seen(database, vault, specialists[0])] == [b"other step"]


async def test_a_card_moved_to_another_conversation_does_not_open(
    database: Database, vault: Vault, share: Share, samira: int, specialists: tuple[int, int], now: datetime
) -> None:
    await database.write(lambda conn: people.assign(conn, samira, specialists[0], now))
    await database.write(share("a", now))
    await database.write(lambda conn: conn.execute(update(schema.card).values(conversation=2)))
    with pytest.raises(DecryptFailed):
        await seen(database, vault, specialists[0])


async def claims(database: Database, mails: dict[tuple[int, str], str], now: datetime) -> set[tuple[int, str]]:
    return await database.write(lambda conn: digests.claim_digests(conn, mails, now))


async def test_a_days_mail_is_given_to_one_sender(
    database: Database, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    both = {(ola, "2026-03-02"): "<o@x>", (kari, "2026-03-02"): "<k@x>"}
    given = await asyncio.gather(*(claims(database, both, now) for _ in range(6)))
    assert sorted(len(mails) for mails in given) == [0] * 5 + [2]
    assert await state(database, ola) == "sending"
    more = {(ola, "2026-03-03"): "<p@x>", **both}
    assert await claims(database, more, now) == {(ola, "2026-03-03")}
    assert await claims(database, {}, now) == set()
    asked = lambda day: lambda conn: digests.claimed(conn, [ola, kari, 99], day)  # noqa: E731
    assert await database.read(asked("2026-03-02")) == {ola, kari}
    assert await database.read(asked("2026-03-03")) == {ola}


async def state(database: Database, staff_id: int, day: str = "2026-03-02") -> str | None:
    return await database.read(lambda conn: digests.digest_state(conn, staff_id, day))


@pytest.mark.parametrize(("mark", "sent"), [("sent", True), ("held", False)])
async def test_what_became_of_a_mail_is_remembered(
    database: Database, specialists: tuple[int, int], now: datetime, mark: str, sent: bool
) -> None:
    ola = specialists[0]
    mail = (ola, "2026-03-02")
    assert await state(database, ola) is None
    await claims(database, {mail: "<m@x>"}, now)
    await database.write(lambda conn: digests.mark_digests(conn, [mail], mark, now + DAY))
    assert await state(database, ola) == mark
    row = await database.read(lambda conn: conn.execute(select(schema.digest)).one())
    assert (row.message_id, row.sent_at) == ("<m@x>", now + DAY if sent else None)
    await database.write(lambda conn: digests.release_digests(conn, [mail]))  # too late
    assert await state(database, ola) == mark
    assert await claims(database, {mail: "<m@x>"}, now) == set()


async def test_a_mail_that_surely_did_not_leave_may_be_tried_again(
    database: Database, specialists: tuple[int, int], now: datetime
) -> None:
    mail = (specialists[0], "2026-03-02")
    await claims(database, {mail: "<m@x>"}, now)
    await database.write(lambda conn: digests.release_digests(conn, [mail]))
    assert await state(database, specialists[0]) is None
    assert await claims(database, {mail: "<m@x>"}, now) == {mail}


async def test_a_mail_never_heard_of_again_is_held(
    database: Database, specialists: tuple[int, int], now: datetime
) -> None:
    ola = specialists[0]
    days = ("2026-03-02", "2026-03-03", "2026-03-04")
    for number, day in enumerate(days):
        await claims(database, {(ola, day): f"<{day}>"}, now + number * DAY)
    await database.write(lambda conn: digests.mark_digests(conn, [(ola, days[0])], "sent", now))
    await database.write(lambda conn: digests.hold_interrupted(conn, before=now + 2 * DAY))
    assert [await state(database, ola, day) for day in days] == ["sent", "held", "sending"]
