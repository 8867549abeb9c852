"""Rounds of translating: what leaves, into which language, what is stored, and what happens while a server is away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, update

from bot.lines import encode_lines
from bot.schedule import Agenda
from bot.translating import Away, Unable, choosing
from bot.translating.reading import for_reader
from bot.translating.rounds import FAILURES, PATIENCE, Rounds
from bot.translating.words import Words as Own
from storage import audit, digests, own, people, redacting, schema, translations
from storage.translations import Translation
from tests.bot.digest_samples import NOW, line
from tests.bot.staff_world import World, world
from tests.bot.translate_stand_in import Words

HOUR = timedelta(hours=1)


@dataclass
class Office:
    """A service with a Norwegian specialist, a program, and people who share their words in Arabic."""

    service: World
    specialist: int
    program: Words = field(default_factory=Words)

    @property
    def rounds(self) -> Rounds:
        return Rounds(self.service.database, self.service.vault, self.program, lambda: self.service.now)

    async def person(self, name: str = "S.K.") -> int:
        return await self.service.person(name, self.specialist)

    async def shares(self, person: int, *words: str, language: str = "ar", number: int = 1, waits: bool = True) -> None:
        def put(conn: Connection) -> None:
            cipher = people.participant(conn, self.service.vault, person).cipher
            lines = [line("hard", own=each) if n == 0 else line("good", own=each) for n, each in enumerate(words)]
            card = digests.sealed_card(
                cipher,
                participant_id=person,
                conversation=number,
                step="checkin/sharing",
                dialogue="checkin",
                version=1,
                language=language,
                lines=encode_lines(lines),
                shared_at=self.service.now,
                untranslated_since=self.service.now if waits else None,
            )
            digests.put_cards(conn, [card])

        await self.service.database.write(put)

    async def round(self) -> None:
        for group in await self.rounds.find():
            await self.rounds.do(group)

    async def translations(self, person: int) -> list[tuple[str, str, str]]:
        def read(conn: Connection) -> list[tuple[str, str, str]]:
            cipher = people.participant(conn, self.service.vault, person).cipher
            return [(one.language, one.kind, one.text) for one in translations.of_person(conn, cipher, person)]

        return await self.service.database.read(read)

    async def write(self, work: Any) -> None:
        await self.service.database.write(lambda conn: work(conn) and None)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with world(tmp_path) as made:
        yield Office(made, await made.staff("Anna", language="nb"))


async def test_what_was_shared_is_translated_into_the_language_of_who_reads_it(office: Office) -> None:
    samira = await office.person()
    await office.shares(samira, "  متعبة   جدا ", "النوم")
    await office.shares(samira, "Sliten", language="nb", number=2)
    office.program.known = {"متعبة جدا": "Veldig sliten"}
    await office.round()
    assert office.program.asked == [("ar", "nb", ("متعبة جدا", "النوم"))]
    assert sorted(await office.translations(samira)) == [
        ("nb", "machine", "Veldig sliten"),
        ("nb", "machine", "nb: النوم"),
    ]
    assert await office.rounds.find() == []
    (record,) = await office.service.database.read(lambda conn: audit.records(conn, samira))
    assert (record.actor, record.action) == ("system", "words translated")
    assert record.details == {"from": ["ar"], "to": "nb", "texts": 2}


async def test_cards_that_do_not_wait_and_words_that_have_a_translation_are_left_alone(office: Office) -> None:
    samira = await office.person()
    await office.shares(samira, "متعبة", waits=False)
    await office.round()
    assert office.program.asked == []
    await office.shares(samira, "متعبة")
    await office.round()
    await office.shares(samira, "متعبة", "النوم", number=2)
    await office.round()
    assert [texts for _, _, texts in office.program.asked] == [("متعبة",), ("النوم",)]


async def test_a_line_that_was_withdrawn_is_not_sent(office: Office) -> None:
    samira = await office.person()
    await office.shares(samira, "متعبة", "النوم")

    def withdraw(conn: Connection) -> None:
        cipher = people.participant(conn, office.service.vault, samira).cipher
        (card,) = own.cards(conn, cipher, samira)
        lines = encode_lines([line("hard", own="متعبة").taken_back(), line("good", own="النوم")])
        redacting.put_card(conn, cipher, samira, card._replace(lines=lines))

    await office.write(withdraw)
    await office.round()
    assert office.program.asked == [("ar", "nb", ("النوم",))]


async def choose(office: Office, person: int, wanted: bool) -> None:
    await office.write(lambda conn: choosing.choose(conn, office.service.vault, person, wanted, office.service.now))


async def test_who_switches_it_off_sends_nothing_and_loses_what_the_program_made(office: Office) -> None:
    samira = await office.person()
    await office.shares(samira, "متعبة")
    await office.round()
    await office.shares(samira, "النوم", number=2)
    await choose(office, samira, False)
    assert await office.translations(samira) == []
    assert await office.rounds.find() == []
    await office.shares(samira, "النوم", number=3)  # it was offered before
    await office.round()
    assert len(office.program.asked) == 1
    await choose(office, samira, True)
    await office.shares(samira, "النوم", number=4)
    await office.round()
    assert await office.translations(samira) == [("nb", "machine", "nb: النوم")]


async def test_what_changes_while_the_program_works_is_seen(office: Office) -> None:
    """One switches it off, one is erased, one shares other words: nothing of theirs is kept."""
    off, gone, other = [await office.person(f"P{number}") for number in range(3)]
    for person in (off, gone, other):
        await office.shares(person, "متعبة")

    async def meanwhile() -> None:
        office.program.meanwhile = None
        await choose(office, off, False)
        await office.write(lambda conn: people.erase(conn, gone))
        await office.shares(other, "النوم")

    for person in (off, gone, other):
        office.program.meanwhile = meanwhile if person == off else None
        await office.rounds.do([person])
    assert await office.translations(off) == []
    assert await office.translations(other) == [("nb", "machine", "nb: النوم")]
    assert await office.service.database.read(lambda conn: translations.holders(conn, [gone])) == set()


async def test_words_that_were_changed_while_the_program_worked_wait_again(office: Office) -> None:
    samira = await office.person()
    await office.shares(samira, "متعبة")

    async def meanwhile() -> None:
        office.service.now += HOUR
        await office.shares(samira, "النوم")

    office.program.meanwhile = meanwhile
    await office.round()
    assert await office.translations(samira) == []
    office.program.meanwhile = None
    await office.round()
    assert await office.translations(samira) == [("nb", "machine", "nb: النوم")]


async def test_while_the_server_is_away_words_wait_and_after_some_days_they_stay_as_they_are(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    samira = await office.person()
    await office.shares(samira, "متعبة")
    office.program.trouble = Away("it asks us to wait (status 429)")
    await office.round()
    assert await office.rounds.find() == [[samira]]
    assert caplog.messages == [f"Words of participant:{samira} wait to be translated: it asks us to wait (status 429)."]
    office.service.now += PATIENCE
    office.program.trouble = None
    await office.round()
    assert len(office.program.asked) == 1
    assert await office.rounds.find() == []


async def test_a_server_that_is_away_is_not_asked_for_everybody(office: Office) -> None:
    everybody = [await office.person(f"P{number}") for number in range(FAILURES + 2)]
    for person in everybody:
        await office.shares(person, "متعبة")
    office.program.trouble = Away("it does not answer in time")
    await office.rounds.do(everybody)
    assert len(office.program.asked) == FAILURES


async def test_what_is_refused_is_not_sent_again_and_holds_nothing_up(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    samira = await office.person()
    await office.shares(samira, "متعبة")
    office.program.trouble = Unable("it does not translate from ar to nb")
    await office.round()
    assert await office.rounds.find() == []
    assert await office.translations(samira) == []
    assert "متعبة" not in caplog.text


async def test_a_job_that_is_done_twice_or_too_late_has_no_effect(office: Office) -> None:
    samira = await office.person()
    await office.shares(samira, "متعبة")
    for _ in range(2):
        await office.rounds.do([samira, samira + 1000])
    assert len(office.program.asked) == 1
    assert await office.translations(samira) == [("nb", "machine", "nb: متعبة")]


async def test_nothing_is_translated_for_a_specialist_who_has_left(office: Office) -> None:
    samira = await office.person()
    await office.shares(samira, "متعبة")
    await office.write(lambda conn: conn.execute(update(schema.staff).values(active=False)))
    await office.round()
    assert office.program.asked == []


async def test_somebodys_own_translation_goes_before_the_programs(office: Office) -> None:
    samira, vault = await office.person(), office.service.vault
    await office.shares(samira, "متعبة")
    await office.round()
    words = Own("ar", "متعبة")

    def write_one(conn: Connection) -> None:
        cipher = people.participant(conn, vault, samira).cipher
        made = Translation(samira, words.mark(cipher), "nb", "human", office.specialist, NOW, "Utslitt")
        translations.put(conn, cipher, made)

    await office.write(write_one)
    read = await office.service.database.read(lambda conn: for_reader(conn, vault, {samira: {words}}, "nb"))
    shown = read[samira][words]
    assert (shown.text, shown.by, shown.name) == ("Utslitt", office.specialist, "Anna")
    assert await office.service.database.read(lambda conn: for_reader(conn, vault, {samira: {words}}, "en")) == {}
    assert await office.service.database.read(lambda conn: for_reader(conn, vault, {samira: set()}, "nb")) == {}


def test_nobody_was_told_before_they_were() -> None:
    assert not choosing.may_translate(Agenda())
    assert choosing.may_translate(Agenda(told_of_translation=True))
    off = msgspec.structs.replace(Agenda(told_of_translation=True), choices={"choice:translation": ("no",)})
    assert not choosing.may_translate(off)
