"""Another specialist: sees agreements only, until the person says otherwise, and the person is asked."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from bot.app import master_key
from bot.config import Settings
from bot.handover import SameName, hand_over
from bot.handover_command import pass_on
from bot.people_commands import NotDone, add_staff
from bot.schedule import Agenda, Errand
from storage import audit, digests, people
from storage.opening import open_storage
from tests.bot.digest_samples import NOW, YESTERDAY, line
from tests.bot.staff_world import World, world


async def cards(service: World, staff: int) -> int:
    return len(await service.database.read(lambda conn: digests.cards_for(conn, service.vault, staff, None)))


async def passed(service: World, to: int, *who: int) -> None:
    def work(conn: Connection) -> None:
        everybody = [people.participant(conn, service.vault, one) for one in who]
        hand_over(conn, service.vault, everybody, people.staff(conn, service.vault, to), "command line", NOW)

    await service.database.write(work)


async def test_the_new_specialist_sees_nothing_from_before_until_the_person_says_so(tmp_path: Path) -> None:
    async with world(tmp_path) as service:
        ola, kari, tor = [await service.staff(name) for name in ("Ola", "Kari", "Tor")]
        samira = await service.person("S.K.", ola)
        await service.share(samira, line("good", "rested"), at=YESTERDAY - timedelta(days=1), conversation=1)
        await service.share(samira, line("good", "rested"), at=YESTERDAY, conversation=2)
        await passed(service, kari, samira)
        assert [await cards(service, one) for one in (ola, kari)] == [0, 0]
        await service.share(samira, line("good", "rested"), at=NOW + timedelta(hours=1), conversation=3)
        assert await cards(service, kari) == 1

        await service.database.write(lambda conn: people.let_see(conn, samira, YESTERDAY))
        assert await cards(service, kari) == 2, "what was shared from then on"
        assert await cards(service, ola) == 0
        await service.database.write(lambda conn: people.let_see(conn, samira, None))
        assert await cards(service, kari) == 1

        await service.database.write(lambda conn: people.let_see(conn, samira, YESTERDAY - timedelta(days=9)))
        await passed(service, tor, samira)
        assert [await cards(service, one) for one in (kari, tor)] == [0, 1], "the next one begins anew"


async def test_the_person_is_asked_and_it_is_written_down(tmp_path: Path) -> None:
    async with world(tmp_path) as service:
        ola, kari = await service.staff("Ola"), await service.staff("Kari")
        samira = await service.person("S.K.", ola)
        await passed(service, kari, samira)

        def read(conn: Connection) -> tuple[tuple[Errand, ...], list[object]]:
            sealed = conn.exec_driver_sql(f"SELECT sealed_agenda FROM participant WHERE id = {samira}").scalar_one()
            cipher = people.participant(conn, service.vault, samira).cipher
            agenda = msgspec.json.decode(cipher.open(f"participant.agenda|{samira}", sealed), type=Agenda)
            return agenda.errands, [(one.action, one.details) for one in audit.records(conn, samira)]

        assert await service.database.read(read) == (
            (Errand("handover", "", NOW),),
            [("specialist changed", {"from": ola, "to": kari})],
        )


async def test_nobody_is_passed_on_to_whoever_has_somebody_of_the_same_pseudonym(tmp_path: Path) -> None:
    async with world(tmp_path) as service:
        ola, kari = await service.staff("Ola"), await service.staff("Kari")
        samira, yusuf = await service.person("S.K.", ola), await service.person("Y.A.", ola)
        await service.person("s.k.", kari)
        with pytest.raises(SameName):
            await passed(service, kari, yusuf, samira)
        assert len(await service.database.read(lambda conn: people.caseload(conn, service.vault, ola))) == 2


async def test_the_command_says_what_it_did_and_what_it_cannot_do(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path, key="A" * 43 + "=")
    said: list[str] = []
    for name in ("Ola", "Kari"):
        mail = f"{name.lower()}@example.org"
        await add_staff(settings, lambda _: None, name=name, mail=mail, role="specialist", language="")
    database, vault = await open_storage(settings.database(), master_key(settings))

    def add(conn: Connection, pseudonym: str) -> int:
        values = {"name": "Somebody", "pseudonym": pseudonym, "language": "en", "time_zone": "UTC"}
        person = people.add_participant(conn, vault, **values, now=NOW)
        people.assign(conn, person, 1, NOW)
        return person

    for pseudonym in ("S.K.", "Y.A.", "P.W."):
        await database.write(partial(add, pseudonym=pseudonym))
    await database.close()

    for before, after, participant, why in (
        (1, 1, None, "same numbers"),
        (1, 9, None, "nobody with the number 9"),
        (9, 2, None, "nobody with the number 9"),
        (2, 1, None, "Kari accompanies nobody"),
        (1, 2, 77, "Ola accompanies nobody with the number 77"),
    ):
        with pytest.raises(NotDone, match=why):
            await pass_on(settings, said.append, before, after, participant)
    assert not said
    await pass_on(settings, said.append, 1, 2, 2)
    assert said[0].split() == ["2", "Y.A."]
    assert "Kari accompanies them from now on" in said[1]
    await pass_on(settings, said.append, 1, 2)
    assert [each.split()[-1] for each in said[2:4]] == ["S.K.", "P.W."]
