"""Help now: who to call. It needs no database; a person's own numbers stand on it for that person alone."""

from __future__ import annotations

from pathlib import Path

from bot.channels.web_visit import CHAT
from tests.bot.chat_site import chat_site


async def test_own_numbers_stand_between_danger_and_the_lines_and_no_browser_keeps_them(tmp_path: Path) -> None:
    async with chat_site(tmp_path) as site:
        pages = site.app[CHAT].help
        page = pages.personal("en", [("Dr. <Olsen>", "22 33 44 55"), ("Mum", "+47 900 00 000")])
    html = page.text or ""
    assert page.headers["Cache-Control"] == "no-store"
    assert "<bdi>Dr. &lt;Olsen&gt;</bdi>" in html
    assert 'href="tel:22334455"' in html
    assert 'href="tel:+4790000000"' in html
    assert '<bdo dir="ltr">+47 900 00 000</bdo>' in html
    places = [html.index(part) for part in ("Ambulance", "Your own numbers", "Mum", "116 123")]
    assert places == sorted(places)


async def test_without_own_numbers_there_is_no_such_part(tmp_path: Path) -> None:
    async with chat_site(tmp_path) as site:
        html = site.app[CHAT].help.personal("en", []).text or ""
    assert "116 123" in html
    assert "Your own numbers" not in html


async def test_who_helps_reads_the_name_of_a_variant(tmp_path: Path) -> None:
    async with chat_site(tmp_path) as site:
        html = site.app[CHAT].help.personal("fa_AF", []).text or ""
    assert "Jeg snakker \u2068dari\u2069" in html
