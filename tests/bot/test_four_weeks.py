"""Four weeks in the life of one participant and of her specialist, as both read them, in English and in Arabic.

A good week, a hard week with a conflict, a break, a new job, an agreement that gets done, an answer that is withdrawn,
and a goodbye. ``MEDVIND_REFRESH=1 pytest tests/bot/test_four_weeks.py`` writes the golden files anew: read them aloud.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import Connection, update

from bot.config import SCRIPTS
from bot.console import add_console
from bot.console.one_tap import add_one_tap
from bot.digest.brevity import CARD_WORDS, OVERVIEW_LINES, PAGE_WORDS
from bot.messages import Button, Outbound, Tap
from bot.my_page import taking_back
from bot.shelf import ScriptShelf
from storage import people, schema
from storage.people import Who
from tests.bot.digest_samples import plain
from tests.bot.page_forms import Seen
from tests.bot.staff_world import SAME_SITE
from tests.bot.turn_world import Person, TurnWorld, catalogs

FOLDER = Path(__file__).parents[1] / "transcripts" / "lives"
OSLO = ZoneInfo("Europe/Oslo")

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "name": "Amina",
        "step": "Ask about Saturdays",
        "good": "I closed the till alone.",
        "hard": "The boss changed my shifts again.",
        "conflict": "We shouted. I went home.",
        "agreement": "Call the shop about the shifts",
        "sign": "The shop has answered",
        "thanks": "They gave me Mondays.",
        "workplace": "Rema",
    },
    "ar": {
        "name": "أمينة",
        "step": "السؤال عن أيام السبت",
        "good": "أغلقت الصندوق وحدي.",
        "hard": "تغيرت مناوباتي مرة أخرى.",
        "conflict": "كان هناك صراخ. ذهبت إلى البيت.",
        "agreement": "الاتصال بالمتجر بشأن المناوبات",
        "sign": "وصول رد من المتجر",
        "thanks": "أعطوني أيام الاثنين.",
        "workplace": "ريما",
    },
}


def oslo(day: int, time: str) -> datetime:
    """A moment in March 2026, as clocks in Oslo show it."""
    hour, minute = map(int, time.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=OSLO).astimezone(UTC)


@dataclass
class Life:
    """Both people, and everything that they read."""

    world: TurnWorld
    amina: Person
    desk: TestClient[web.Request, web.Application]
    words: Mapping[str, str]
    read: list[str] = field(default_factory=list)

    async def on(self, day: int, time: str, what: str) -> None:
        """Time goes by until then, with everything that comes of its own accord."""
        await self.world.until(oslo(day, time))
        local = self.world.clock.now.astimezone(OSLO)
        self.read.append(f"== {local:%A} {local.day} {local:%B %H:%M} == {what}\n")
        self._hears(await self.amina.finds())

    def _hears(self, messages: Iterable[Outbound]) -> None:
        for message in messages:
            self.read.append(plain(message.text).strip())
            self.read += [
                f"    {plain(f'{line.label}: {line.value} {line.own_words}').strip()}" for line in message.lines
            ]
            if message.picture is not None:
                self.read.append("    (a picture)")
            if message.buttons and not message.lines:
                self.read.append("    [" + "] [".join(plain(button.label) for button in message.buttons) + "]")
            self.read.append("")

    async def taps(self, *options: str, words: str = "") -> None:
        """Choose options of the question that waits, with words of one's own."""
        labels = [plain(button.label) for button in self._buttons() if set(button.tap.choices) & set(options)]
        assert len(labels) == len(options), f"{options} at {self.amina.waits.step}"
        self.read.append("> " + " · ".join([*labels, *([words] if words else [])]) + "\n")
        self._hears(await self.amina.chooses(*options, words=words))

    def _buttons(self) -> tuple[Button, ...]:
        return self.amina.waits.buttons

    async def says(self, words: str) -> None:
        """Type something."""
        self.read.append(f"> {words}\n")
        self._hears(await self.amina.says(words))

    async def presses(self, action: str) -> None:
        """Skip, share, keep."""
        found = next(each for each in (*self._buttons(), *self.amina.waits.controls) if each.tap.action == action)
        self.read.append(f"> {plain(found.label)}\n")
        self._hears(await self.amina.presses(action))

    async def shares(self, many: int) -> None:
        """Choose the first so many lines of what is offered."""
        await self.presses("share_choose")
        waits, chosen = self.amina.waits, self._buttons()[:many]
        self.read.append("> " + " · ".join(plain(button.label) for button in chosen) + "\n")
        ids = tuple(button.tap.choices[0] for button in chosen)
        self._hears(await self.amina.taps(Tap(waits.conversation, waits.step, "share_lines", ids)))

    async def opens(self, dialogue: str) -> None:
        """Open something in the menu."""
        menu = await self.amina.says("menu")
        entry = next(button for button in menu[-1].buttons if button.tap.choices == (dialogue,))
        self.read.append(f"> {plain(entry.label)}\n")
        self._hears(await self.amina.taps(entry))

    async def skips_to(self, step: str) -> None:
        """Skip whatever comes before a step, without writing all of it down."""
        before = len(self.amina.told)
        await self.amina.skips_to(step)
        if len(self.amina.told) > before:
            self.read.append("> (skips)\n")
            self._hears(self.amina.told[-1:])

    async def ends(self) -> None:
        """Skip whatever is left."""
        while self.amina.told[-1].kind != "closed":
            await self.presses("share_none" if self.amina.waits.kind == "offered" else "skip")

    async def page(self, address: str, what: str) -> str:
        """What the specialist reads there."""
        html = await (await self.desk.get(address)).text()
        text = shown(html)
        self.read.append(f"-- {what}\n\n{text}")
        return text

    async def posts(self, address: str, act: str, /, **fields: str) -> None:
        """The specialist presses a button."""
        answer = await self.desk.post(address, data=fields, headers=SAME_SITE, allow_redirects=False)
        assert answer.status == 303, await answer.text()
        self.read.append(f"-- {act}\n")

    async def answers_requests(self) -> None:
        """The specialist gives the first answer that each open request on the person page has."""
        page = f"/people/{self.amina.id}"
        forms = Seen(await (await self.desk.get(page)).text()).forms
        answered: set[str] = set()
        for form in [form for form in forms if form.action == f"{page}/reply"]:
            about = dict(form.hidden)["about"]
            if about not in answered:
                answered.add(about)
                button = next(iter(form.buttons))
                await self.posts(form.action, f"Answers: {button}", **dict(form.sent(button)))

    async def has_seen(self) -> None:
        """The specialist has seen the news of the day."""
        forms = Seen(await (await self.desk.get("/digest")).text()).forms
        for form in [form for form in forms if form.action == "/digest/seen"]:
            await self.posts(form.action, "Seen", **dict(form.sent(next(iter(form.buttons)))))


def shown(html: str) -> str:
    """The words of the content of a page, each part on a line of its own."""
    content = html[html.index("<main") :]
    apart = re.sub(r"</(?:a|button|p|dt|dd|li|summary|h[1-6]|label|option|legend|time|span)>", r"\g<0>\n", content)
    lines = (" ".join(line.split()) for line in plain(Seen(apart).words).splitlines())
    return "\n".join(f"    {line}" for line in lines if line) + "\n"


@asynccontextmanager
async def desk_of(world: TurnWorld) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """The specialist's browser."""
    app = web.Application()
    add_console(
        app,
        database=world.database,
        vault=world.vault,
        catalogs=catalogs(),
        shelf=ScriptShelf(),
        scripts_folder=SCRIPTS,
        now=lambda: world.clock.now,
        programme=world.programme,
    )
    add_one_tap(app)
    token = "the-specialist's-own"
    who = Who(staff_id=world.specialist)
    async with TestClient(TestServer(app)) as client:
        await world.database.write(lambda conn: people.new_link(conn, world.vault, who, token, world.clock.now))
        await client.post(f"/s/{token}", headers=SAME_SITE, allow_redirects=False)
        yield client


async def stays_signed_in(life: Life) -> None:
    """A session ends after a working day; this one goes on."""
    later = oslo(31, "12:00")
    lasts = update(schema.web_session).values(expires_at=later, used_at=later)
    await life.world.database.write(lambda conn: conn.execute(lasts) and None)


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_four_weeks(world: TurnWorld, language: str) -> None:
    words = WORDS[language]
    reads = update(schema.staff).values(language=language)
    await world.database.write(lambda conn: conn.execute(reads) and None)
    amina = await world.person(words["name"], language, "A.K.")
    async with desk_of(world) as desk:
        life = Life(world, amina, desk, words)
        await stays_signed_in(life)
        await good_week(life)
        await hard_week(life)
        await break_and_silence(life)
        await new_job(life)
        await goodbye(life)
    assert {message.language for message in amina.told} == {language}
    file = FOLDER / f"four_weeks_{language}.txt"
    now = "\n".join(life.read).rstrip() + "\n"
    if os.environ.get("MEDVIND_REFRESH"):
        file.write_text(now, encoding="utf-8")
        return
    assert now == file.read_text(encoding="utf-8")


async def good_week(life: Life) -> None:
    """She begins, says what may be asked about, and shares a good week."""
    await life.on(2, "10:00", "She opens her link.")
    await life.says("start")
    await life.skips_to("explained")
    await life.taps("me")
    await life.taps("yes")
    await life.taps("neither")
    await life.taps("sure", "work", "search", "outside", "help", "good")
    await life.taps("ask")
    await life.on(3, "12:30", "The first check-in comes.")
    await life.taps("4")
    await life.taps("4")
    await life.says(life.words["step"])
    await life.taps("nothing")
    await life.taps("no")
    await life.taps("finished", words=life.words["good"])
    await life.presses("share_all")
    await life.ends()
    await life.on(4, "08:00", "Her specialist reads.")
    await within_two_minutes(life, await life.page("/digest", "The day"))


async def hard_week(life: Life) -> None:
    """Hard at work and outside, a conflict, a request that is not the specialist's, and an agreement."""
    await life.on(10, "12:30", "A hard week.")
    await life.taps("2")
    await life.taps("2")
    await life.skips_to("hard")
    await life.taps("work", "outside")
    await life.taps("boss", "sleep", words=life.words["hard"])
    await life.taps("letters", "talk_to_boss")
    await life.skips_to("sharing")
    await life.presses("share_all")
    await life.ends()
    await life.opens("something_happened")
    await life.taps("conflict", words=life.words["conflict"])
    await life.taps("yes")
    await life.shares(2)
    await life.ends()
    await life.on(11, "08:00", "Her specialist reads, and answers.")
    await within_two_minutes(life, await life.page("/digest", "The day"))
    await life.answers_requests()
    await life.has_seen()
    await life.posts(
        f"/people/{life.amina.id}/agreements",
        "Proposes an agreement",
        what=life.words["agreement"],
        who="specialist",
        by="2026-03-13",
        sign=life.words["sign"],
    )
    await life.on(11, "17:00", "What came for her.")
    await life.taps("yes")
    await life.ends()
    await life.on(13, "08:00", "The day of the agreement.")
    await life.page("/digest", "The day")
    await life.on(13, "12:00", "She is asked, too.")
    await life.taps("done")
    await life.says(life.words["thanks"])
    await life.presses("share_all")
    await life.ends()


async def break_and_silence(life: Life) -> None:
    """A break that nobody is told about: the specialist's pages are those of a quiet week."""
    await life.on(16, "09:30", "She wants a break.")
    await life.opens("take_break")
    await life.taps("pause")
    await life.taps("one_week")
    await life.ends()
    await life.on(18, "08:00", "Her specialist reads.")
    await life.page("/digest", "The day")
    await life.page("/people", "All people")


async def new_job(life: Life) -> None:
    """She is back, has a job, and takes one line back."""
    await life.on(24, "12:30", "After the break.")
    await life.taps("good")
    await life.ends()
    await life.opens("something_happened")
    await life.taps("new_job")
    await life.says("30.3.2026")
    await life.skips_to("who_knows")
    await life.shares(1)
    await life.ends()
    await tells_of_the_job(life)
    await life.says("start")
    await life.says(life.words["workplace"])
    await life.ends()
    await life.on(25, "08:00", "Her specialist reads.")
    await within_two_minutes(life, await life.page("/digest", "The day"))
    await life.has_seen()
    await takes_back(life, "weekly_checkin/week")
    await life.on(25, "09:00", "She took one line back.")
    await life.page(f"/people/{life.amina.id}", "The person page")


async def tells_of_the_job(life: Life) -> None:
    """The answer that the first conversation asked for has changed."""
    life._hears(await life.amina.taps(Tap(0, "", "open", ("situation",))))
    await life.taps("job")


async def takes_back(life: Life, line: str) -> None:
    """Withdraw the line of the last weekly check-in, on her own page."""

    def work(conn: Connection) -> bool:
        ground = taking_back.ground(conn, life.world.vault, ScriptShelf(), life.amina.id)
        rows = conn.execute(schema.card.select().order_by(schema.card.c.conversation)).all()
        card = [row for row in rows if row.dialogue == "weekly_checkin"][-1]
        return taking_back.withdraw(ground, card.conversation, card.step, line, life.world.clock.now)

    assert await life.world.database.write(work)


async def goodbye(life: Life) -> None:
    """She stops. Her specialist's pages say nothing of it."""
    await life.on(27, "12:00", "She stops.")
    await life.says("stop")
    await life.on(30, "08:00", "Her specialist reads.")
    text = await life.page("/digest", "The day")
    assert plain(catalogs().ui(life.amina.told[-1].language)["staff/nothing_new"]) in text


async def within_two_minutes(life: Life, text: str) -> None:
    """The whole day is read in two minutes."""
    assert len(text.split()) <= PAGE_WORDS + CARD_WORDS + OVERVIEW_LINES
