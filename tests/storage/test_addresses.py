"""Addresses: whoever comes by an invitation waits to be confirmed, and nobody takes another's place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from storage import addresses, people, schema
from storage.addresses import AddressTaken, Standing, StillReached, ToConfirm, Where
from storage.database import Database
from storage.vault import Erased, Vault
from tests.storage.databases import until_somebody_waits

BOT, OTHER = "telegram:700001", "telegram:700002"
HOUR = timedelta(hours=1)

Do = Callable[..., Awaitable[Any]]


@pytest.fixture
def do(database: Database) -> Do:
    """Runs a function of ``addresses`` in a transaction of its own."""
    return lambda function, *args, **more: database.write(lambda conn: function(conn, *args, **more))


@pytest.fixture
async def yusuf(database: Database, vault: Vault, now: datetime) -> int:
    return await database.write(
        lambda conn: people.add_participant(
            conn, vault, name="Yusuf", pseudonym="Y.", language="en", time_zone="UTC", now=now
        )
    )


async def standing(do: Do, vault: Vault, where: str, channel: str = BOT) -> Standing | None:
    return await do(addresses.standing_at, vault, channel, where)


async def reached(do: Do, vault: Vault, *places: str) -> dict[tuple[str, str], int]:
    return await do(addresses.participants_at, vault, [(BOT, where) for where in places])


async def test_an_address_is_found_by_its_lookup_and_can_be_replaced(
    database: Database, do: Do, vault: Vault, samira: int, now: datetime
) -> None:
    for where in ("123", "456", "456"):
        await do(addresses.add_address, vault, samira, "telegram", where, now)
    (row,) = await database.read(lambda conn: conn.execute(select(schema.address)).all())
    assert (row.participant_id, row.channel, row.lookup) == (samira, "telegram", vault.lookup("telegram", "456"))
    assert (row.state, row.since, row.check_number) == ("active", now, None)
    person = await database.read(lambda conn: people.participant(conn, vault, samira))
    assert person.cipher.open(f"address.address|{samira}|telegram", row.sealed_address) == b"456"


async def test_an_address_belongs_to_one_person(do: Do, vault: Vault, samira: int, yusuf: int, now: datetime) -> None:
    await do(addresses.add_address, vault, samira, BOT, "123", now)
    with pytest.raises(AddressTaken) as caught:
        await do(addresses.add_address, vault, yusuf, BOT, "123", now)
    assert "123" not in str(caught.value).replace(BOT, "")
    await do(addresses.add_address, vault, yusuf, OTHER, "123", now)
    assert await reached(do, vault, "123", "456") == {(BOT, "123"): samira}


async def test_nobody_has_an_address_who_is_unknown(do: Do, vault: Vault, now: datetime) -> None:
    for add in (addresses.add_address, addresses.claim):
        numbers = ("0417",) if add is addresses.claim else ()
        with pytest.raises(KeyError):
            await do(add, vault, 999, BOT, "123", *numbers, now)
    assert await standing(do, vault, "123") is None


async def test_nobody_who_was_erased_gets_an_address(do: Do, vault: Vault, samira: int, now: datetime) -> None:
    await do(people.erase, samira)
    with pytest.raises(Erased):
        await do(addresses.claim, vault, samira, BOT, "123", "0417", now)


async def test_who_comes_by_an_invitation_is_not_heard_before_they_are_confirmed(
    do: Do, vault: Vault, samira: int, now: datetime
) -> None:
    assert await do(addresses.claim, vault, samira, BOT, "123", "0417", now) == "waiting"
    assert await standing(do, vault, "123") == Standing(samira, "waiting", "0417")
    assert await reached(do, vault, "123") == {}
    assert await do(addresses.confirm, samira, BOT, now + HOUR) is True
    assert await standing(do, vault, "123") == Standing(samira, "active", None)
    assert await reached(do, vault, "123") == {(BOT, "123"): samira}
    assert await standing(do, vault, "123", OTHER) is None


async def test_confirming_has_an_effect_once_and_only_on_who_waits(
    do: Do, vault: Vault, samira: int, now: datetime
) -> None:
    assert await do(addresses.confirm, samira, BOT, now) is False
    await do(addresses.claim, vault, samira, BOT, "123", "0417", now)
    assert await do(addresses.confirm, samira, OTHER, now) is False
    assert [await do(addresses.confirm, samira, BOT, now) for _ in range(2)] == [True, False]
    await do(addresses.unreachable, samira, BOT, now)
    assert await do(addresses.confirm, samira, BOT, now) is False
    assert await standing(do, vault, "123") == Standing(samira, "unreachable", None)


async def test_only_the_one_whose_number_was_seen_is_confirmed(
    do: Do, vault: Vault, samira: int, now: datetime
) -> None:
    await do(addresses.claim, vault, samira, BOT, "123", "0417", now)
    await do(addresses.claim, vault, samira, BOT, "456", "2208", now)  # came in between
    assert await do(addresses.confirm, samira, BOT, now, check_number="0417") is False
    assert await standing(do, vault, "456") == Standing(samira, "waiting", "2208")
    assert await do(addresses.confirm, samira, BOT, now, check_number="2208") is True


async def test_a_claim_takes_the_place_of_one_that_waits(do: Do, vault: Vault, samira: int, now: datetime) -> None:
    await do(addresses.claim, vault, samira, BOT, "123", "0417", now)
    await do(addresses.claim, vault, samira, BOT, "456", "2208", now)
    assert await standing(do, vault, "123") is None
    assert await standing(do, vault, "456") == Standing(samira, "waiting", "2208")
    await do(addresses.claim, vault, samira, BOT, "456", "7777", now)
    assert await standing(do, vault, "456") == Standing(samira, "waiting", "7777")


@pytest.mark.parametrize("away", [False, True])
async def test_whoever_found_an_invitation_cannot_cut_off_the_person_it_was_for(
    database: Database, do: Do, vault: Vault, samira: int, now: datetime, away: bool
) -> None:
    await do(addresses.add_address, vault, samira, BOT, "123", now)
    if away:
        await do(addresses.unreachable, samira, BOT, now)
    before = await standing(do, vault, "123")

    def work(conn: Connection) -> None:
        with pytest.raises(StillReached) as caught:
            addresses.claim(conn, vault, samira, BOT, "456", "0417", now)
        assert "456" not in str(caught.value)
        addresses.claim(conn, vault, samira, OTHER, "456", "0417", now)  # the transaction goes on

    await database.write(work)
    assert await standing(do, vault, "123") == before
    assert await standing(do, vault, "456") is None
    assert await standing(do, vault, "456", OTHER) == Standing(samira, "waiting", "0417")
    await do(addresses.detach, samira, BOT)
    assert await do(addresses.claim, vault, samira, BOT, "456", "0417", now) == "waiting"


@pytest.mark.parametrize("away", [False, True])
async def test_who_was_confirmed_here_before_need_not_wait_again(
    do: Do, vault: Vault, samira: int, now: datetime, away: bool
) -> None:
    await do(addresses.add_address, vault, samira, BOT, "123", now)
    if away:
        await do(addresses.unreachable, samira, BOT, now)
    assert await do(addresses.claim, vault, samira, BOT, "123", "0417", now) == "active"
    assert await standing(do, vault, "123") == Standing(samira, "active", None)


async def test_a_claim_to_somebody_elses_address_changes_nothing(
    database: Database, do: Do, vault: Vault, samira: int, yusuf: int, now: datetime
) -> None:
    await do(addresses.claim, vault, samira, BOT, "123", "0417", now)
    await do(addresses.claim, vault, yusuf, BOT, "456", "2208", now)

    def work(conn: Connection) -> Standing | None:
        with pytest.raises(AddressTaken):
            addresses.claim(conn, vault, yusuf, BOT, "123", "9999", now)
        return addresses.standing_at(conn, vault, BOT, "456")  # the transaction goes on

    assert await database.write(work) == Standing(yusuf, "waiting", "2208")
    assert await standing(do, vault, "123") == Standing(samira, "waiting", "0417")


async def test_of_two_who_claim_an_address_at_once_one_gets_it(
    database: Database, vault: Vault, samira: int, yusuf: int, now: datetime
) -> None:
    claimed, go_on = threading.Event(), threading.Event()

    def first(conn: Connection) -> str:
        state = addresses.claim(conn, vault, samira, BOT, "123", "0417", now)
        claimed.set()
        assert go_on.wait(10)
        return state

    def second(conn: Connection) -> str:
        return addresses.claim(conn, vault, yusuf, BOT, "123", "2208", now)

    one = asyncio.create_task(database.write(first))
    await asyncio.to_thread(claimed.wait, 10)
    two = asyncio.create_task(database.write(second))
    await until_somebody_waits(database)
    go_on.set()
    assert await one == "waiting"
    with pytest.raises(AddressTaken):
        await two
    assert await database.read(lambda conn: addresses.standing_at(conn, vault, BOT, "123")) == Standing(
        samira, "waiting", "0417"
    )


async def test_detaching_forgets_an_address(do: Do, vault: Vault, samira: int, yusuf: int, now: datetime) -> None:
    await do(addresses.add_address, vault, samira, BOT, "123", now)
    await do(addresses.add_address, vault, samira, OTHER, "123", now)
    assert [await do(addresses.detach, samira, BOT) for _ in range(2)] == [True, False]
    assert await standing(do, vault, "123") is None
    assert await standing(do, vault, "123", OTHER) == Standing(samira, "active", None)
    assert await do(addresses.claim, vault, yusuf, BOT, "123", "0417", now) == "waiting"


async def test_a_specialist_sees_who_of_theirs_waits_the_longest_first(
    do: Do, vault: Vault, samira: int, yusuf: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    await do(people.assign, samira, ola, now)
    await do(people.assign, yusuf, ola, now)
    await do(addresses.claim, vault, samira, BOT, "123", "0417", now + HOUR)
    await do(addresses.claim, vault, yusuf, BOT, "456", "2208", now)
    await do(addresses.add_address, vault, yusuf, OTHER, "456", now)
    both = [ToConfirm(yusuf, BOT, "2208", now), ToConfirm(samira, BOT, "0417", now + HOUR)]
    assert await do(addresses.waiting, ola) == both
    assert await do(addresses.waiting, kari) == []
    await do(people.assign, samira, kari, now + HOUR)
    assert await do(addresses.waiting, ola) == both[:1]
    assert await do(addresses.waiting, kari) == both[1:]
    await do(addresses.confirm, samira, BOT, now + HOUR)
    assert await do(addresses.waiting, kari) == []


async def test_that_somebody_cannot_be_reached_is_told_once(do: Do, vault: Vault, samira: int, now: datetime) -> None:
    await do(addresses.add_address, vault, samira, BOT, "123", now)
    assert [await do(addresses.unreachable, samira, BOT, now) for _ in range(3)] == [True, False, False]
    assert await reached(do, vault, "123") == {(BOT, "123"): samira}  # whoever writes is heard
    assert [await do(addresses.reachable, samira, BOT, now) for _ in range(2)] == [True, False]
    assert await do(addresses.unreachable, samira, BOT, now) is True
    assert await do(addresses.unreachable, samira, OTHER, now) is False


async def test_who_waits_stays_waiting_whatever_the_channel_says(
    do: Do, vault: Vault, samira: int, now: datetime
) -> None:
    await do(addresses.claim, vault, samira, BOT, "123", "0417", now)
    assert await do(addresses.unreachable, samira, BOT, now) is False
    assert await do(addresses.reachable, samira, BOT, now) is False
    assert await standing(do, vault, "123") == Standing(samira, "waiting", "0417")


async def test_a_specialist_sees_who_of_theirs_cannot_be_reached_since_when(
    do: Do, vault: Vault, samira: int, yusuf: int, specialists: tuple[int, int], now: datetime
) -> None:
    ola, kari = specialists
    for person, where, after in ((samira, "123", 2 * HOUR), (yusuf, "456", HOUR)):
        await do(people.assign, person, ola, now)
        for channel in (BOT, OTHER):
            await do(addresses.add_address, vault, person, channel, where, now)
        await do(addresses.unreachable, person, BOT, now + after)
    assert await do(addresses.unreachable_of, ola, now) == [(yusuf, now + HOUR), (samira, now + 2 * HOUR)]
    assert await do(addresses.unreachable_of, ola, now + 2 * HOUR) == [(samira, now + 2 * HOUR)]
    assert await do(addresses.unreachable_of, ola, now + 3 * HOUR) == []
    assert await do(addresses.unreachable_of, kari, now) == []
    await do(addresses.unreachable, yusuf, OTHER, now + 3 * HOUR)
    await do(addresses.reachable, samira, BOT, now + 3 * HOUR)
    assert await do(addresses.unreachable_of, ola, now) == [(yusuf, now + 3 * HOUR)]  # one line a person


async def test_addresses_are_opened_for_sending(do: Do, vault: Vault, samira: int, yusuf: int, now: datetime) -> None:
    await do(addresses.add_address, vault, samira, BOT, "123", now)
    await do(addresses.add_address, vault, samira, OTHER, "789", now)
    await do(addresses.claim, vault, yusuf, BOT, "456", "0417", now)
    await do(addresses.be_quiet, samira, BOT, now + HOUR)
    found = await do(addresses.where, vault, BOT, [samira, yusuf, 999])
    assert found == {samira: Where("123", "active", now + HOUR), yusuf: Where("456", "waiting", None)}
    assert "123" not in repr(found)
    assert await do(addresses.where, vault, BOT, [yusuf]) == {yusuf: Where("456", "waiting", None)}
    assert await do(addresses.where, vault, BOT, []) == {}
    await do(people.erase, samira)
    assert await do(addresses.where, vault, BOT, [samira]) == {}


async def test_everybody_can_be_looked_up_at_once(
    database: Database, do: Do, vault: Vault, samira: int, now: datetime
) -> None:
    await do(addresses.add_address, vault, samira, BOT, "123", now)
    assert await do(addresses.where, vault, BOT, range(100_000)) == {samira: Where("123", "active", None)}
