"""From an Arabic check-in to the specialist's page: the shared lines, all of them and nothing else, worded for the
reader, with the person's own words as written.

``MEDVIND_REFRESH=1 pytest tests/bot/test_arabic_to_digest.py`` writes the golden files anew: read the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.lines import decode_lines
from bot.messages import Tap
from storage import digests, schema
from tests.bot.digest_samples import plain
from tests.bot.page_forms import Seen
from tests.bot.staff_pages import fetched
from tests.bot.turn_world import Person, TurnWorld, catalogs

GOLDEN = Path(__file__).parent / "golden"
OWN_WORDS = ("الاتصال بالمتجر يوم الأحد", "المدير <b>يصرخ</b> أحيانًا")
TICKED = ("week", "job_sure", "next_step", "what_hard|work", "what_hard|own_words", "help")
"""One of the private lines is among them."""
KEPT = ("طبخت لأصدقائي", "النوم", "Sleep", "Søvn", "outside work", "utenfor jobben", "الأسرة")
"""What the person kept, in any language: what was hard outside work, and what was good."""


async def holds_it_in_arabic(amina: Person) -> None:
    """The whole check-in by typing and tapping, up to the choice of what is shared."""
    await amina.onboards()
    await amina.says("بدء")
    for words in ("جيد", "٤", OWN_WORDS[0], "١، ٣"):
        await amina.says(words)
    await amina.chooses("noise", "sleep", words=OWN_WORDS[1])
    await amina.chooses("interpreter", "letters")
    await amina.chooses("rested", words=KEPT[0])


def shown(html: bytes) -> str:
    """The words of a page, each part on a line of its own."""
    apart = re.sub(r"</(?:a|button|p|dt|dd|li|summary|h[1-6])>", r"\g<0>\n", html.decode())
    lines = (" ".join(line.split()) for line in plain(Seen(apart).words).splitlines())
    return "\n".join(filter(None, lines)) + "\n"


@pytest.mark.parametrize("language", ["nb", "en"])
async def test_the_specialist_reads_what_was_shared_and_nothing_else(world: TurnWorld, language: str) -> None:
    reads = update(schema.staff).values(language=language)
    await world.database.write(lambda conn: conn.execute(reads) and None)
    amina = await world.person("أمينة", "ar", "A.K.")
    await holds_it_in_arabic(amina)
    await amina.shares(*TICKED)
    assert {message.language for message in amina.told} == {"ar"}
    assert len(await world.rows(schema.card)) == 1
    world.clock.forward(hours=2)
    pages = await fetched(world, world.specialist, ["/digest", "/people", f"/people/{amina.id}"])
    for _, _, html in pages.values():
        assert not [kept for kept in KEPT if kept in html.decode()]
    now = "\n".join(f"== {address}\n\n{shown(html)}" for address, (_, _, html) in pages.items())
    for words in OWN_WORDS:
        assert words in now
    file = GOLDEN / f"arabic_check_in_{language}.txt"
    if os.environ.get("MEDVIND_REFRESH"):
        file.write_text(now, encoding="utf-8")
        return
    assert now == file.read_text(encoding="utf-8")


async def test_what_the_participant_saw_is_what_is_stored(world: TurnWorld) -> None:
    """The lines that were ticked, in the order in which they stood."""
    amina = await world.person("أمينة", "ar", "A.K.")
    await holds_it_in_arabic(amina)
    await amina.shares(*TICKED)
    offer = next(message for message in reversed(amina.told) if message.kind == "offered")
    assert [line.label for line in offer.lines] == [button.label for button in offer.buttons]
    assert [line.id.partition("/")[2] for line in offer.lines if line.private] == [
        "what_hard|outside",
        "what_hard|own_words",
    ]
    assert offer.lines[2].own_words == OWN_WORDS[0]


async def test_what_is_private_stays_out_of_all(world: TurnWorld) -> None:
    amina = await world.person("أمينة", "ar", "A.K.")
    await holds_it_in_arabic(amina)
    assert amina.waits.buttons[0].label == catalogs().ui("ar")["ui/share.all_but_private"]
    await amina.presses("share_all")
    assert await lines_shared(world) == [
        "weekly_checkin/week",
        "weekly_checkin/job_sure",
        "weekly_checkin/next_step",
        "weekly_checkin/what_hard|work",
        "weekly_checkin/help",
        "weekly_checkin/good",
    ]


async def test_what_is_all_private_has_no_button_for_all(world: TurnWorld) -> None:
    amina = await world.person("أمينة", "ar", "A.K.")
    await amina.onboards()
    await amina.says("start")
    await amina.skips_to("hard")
    await amina.chooses("outside")
    await amina.chooses("sleep")
    await amina.skips_to("sharing")
    assert [button.tap.action for button in amina.waits.buttons] == ["share_choose", "share_none"]
    await amina.taps(Tap(amina.waits.conversation, amina.waits.step, "share_all"))
    assert await lines_shared(world) == []


async def lines_shared(world: TurnWorld) -> list[str]:
    """What the specialist could read now, by the ids of lines."""
    rows = await world.database.read(lambda conn: digests.cards_for(conn, world.vault, world.specialist, None))
    lines = (line for row in rows for line in decode_lines(row.lines))
    return [f"{line.name}|{line.group}" if line.group else line.name for line in lines]
