"""Reading a translation over: as a chat beside its source, and the texts that stand outside of conversations."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path

import pytest

from bot.catalogs import Catalogs, po
from bot.catalogs.files import catalogue_path
from bot.catalogs.language import language
from bot.catalogs.po import Entry, PoFile
from bot.catalogs.states import Mark, State, mark_of, marked, state_of
from bot.editor.pulling import pull
from bot.recordings import Recordings
from bot.wording import WORDING
from storage import script_texts, text_notes
from storage.script_texts import ScriptText
from tests.bot.staff_world import LOCALES, World, world
from tests.bot.test_previewing import Client, button, send
from tests.bot.test_script_pages import html_of, post

CHAT, SCREENS, TEXTS = "/scripts/checkin/review/ar", "/screens/ar", "/scripts/checkin/texts/ar"
QUESTION, LATER = "كيف كان الأسبوع؟", "ما مدى التأكد من وجود عمل؟"
MOST = "page.choose_most"


@cache
def norwegian() -> Catalogs:
    """English and Norwegian are offered."""
    return Catalogs.load(LOCALES, allow_drafts=True, only=["nb"])


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[World]:
    """Beside them there is the beginning of an Arabic that nobody can choose."""
    async with world(tmp_path, norwegian()) as made:
        made.locales = tmp_path / "locales"
        begun(made.locales)
        yield made


def begun(folder: Path) -> None:
    """A catalogue in which three texts are drafted by a machine."""
    most = WORDING[f"ui/{MOST}"]
    assert isinstance(most, tuple)
    texts = {"checkin/week": ("How was your week?", QUESTION), "ui/skip": ("Skip", "تخطي")}
    entries = [marked(Entry(name, (source,), (text,)), DRAFTED) for name, (source, text) in texts.items()]
    entries.append(Entry(f"ui/{MOST}", most, ("",) * 6))
    path = catalogue_path(folder, "ar")
    path.parent.mkdir(parents=True)
    path.write_text(po.dump(PoFile({"Language": "ar", **language("ar").header}, (), tuple(entries))), "utf-8")


DRAFTED = Mark(State.MACHINE_DRAFT, "medvind drafts", date(2025, 11, 22))


def fields_at(page: str, context: str) -> dict[str, str]:
    """What the form of one text holds."""
    form = page.partition(f'<form class="sheet beside" id="{context}"')[2].partition("</form>")[0]
    assert form, f"{context} is not on the page"
    written = re.findall(r'<textarea name="(\w+)"[^>]*>\n(.*?)</textarea>', form, re.S)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    return {name: unescape(value) for name, value in [*hidden, *written]}


def texts_on(page: str) -> list[str]:
    """The texts that a page has forms for."""
    return re.findall(r'<form class="sheet beside" id="([^"]+)"', page)


def about(page: str, context: str) -> str:
    """The line above one text: its state, who, and when."""
    return re.sub("<[^>]*>", "", page.partition(f'id="{context}:name"')[2].partition("</p>")[0])


def phones(page: str) -> tuple[str, str]:
    """The chat in the source language, and in the other."""
    first, second = (part.partition("</template>")[0] for part in page.split('<template shadowrootmode="open">')[1:])
    return first, second


def at_the_same_place(page: str) -> dict[str, str]:
    return {"played": fields_at(page, "ui/skip")["played"]}


async def say(browser: Client, page: str, context: str, path: str = CHAT, **more: str) -> tuple[int, str]:
    return await send(browser, {**fields_at(page, context), **more}, path)


async def stored(service: World) -> Mapping[str, ScriptText]:
    return {one.context: one for one in await service.database.read(script_texts.every)}


async def test_a_translator_reads_a_language_over_that_nobody_can_choose_yet(service: World) -> None:
    amal = await service.translator("Amal", "ar")
    async with service.browsing(amal) as browser:
        assert CHAT in await html_of(await browser.get("/scripts/checkin/texts"))
        page = await html_of(await browser.get(CHAT))
        source, draft = phones(page)
        assert page.count('data-mark="Preview – not for use"') == 2
        assert "People cannot choose this language yet." in page
        assert "How was your week?" in source
        assert QUESTION not in source
        assert QUESTION in draft
        assert "How was your week?" not in draft
        assert "⟦ week/1 ⟧" in draft, "a text that is missing says so and stands in no language"
        assert ">تخطي<" in draft
        assert "⟦ page.you" not in draft, "nothing was said yet"
        shown = texts_on(page)
        assert {"checkin/week", "checkin/week/1", "checkin/week/5", "ui/skip"} <= set(shown)
        assert "checkin/sure" not in shown, "only what stands there"
        assert len(shown) == len(set(shown))
        assert "machine draft · medvind drafts · 22 Nov" in unescape(about(page, "checkin/week"))

        _, page = await say(browser, page, "checkin/week", state="reviewed")
        assert "reviewed · Amal" in about(page, "checkin/week")
        assert ">Saved.<" in page
        _, page = await send(
            browser, {"played": fields_at(page, "ui/skip")["played"], "tap": button(page, "Good")}, CHAT
        )
        assert "How sure are you" in phones(page)[0]
        now, _, before = page.partition('<details class="rest">')
        assert 'id="checkin/sure"' in now
        assert 'id="checkin/week"' in before
        _, page = await say(browser, page, "checkin/sure", text=LATER, state="human draft")
        assert LATER in phones(page)[1], "the new words stand in the chat at once, at the same place"
        _, page = await send(browser, {**at_the_same_place(page), "do": "fill"}, CHAT)
        assert "This conversation is over" in page
        assert 'id="checkin/sharing"' in page
        assert "about taking part, sharing or help" in about(page, "checkin/sharing")
    kept = await stored(service)
    assert {name: (one.state, one.staff_id) for name, one in kept.items()} == {
        "checkin/week": ("reviewed", amal),
        "checkin/sure": ("human draft", amal),
    }


async def test_what_is_said_of_a_text_is_said_by_somebody_who_can_say_it(service: World) -> None:
    nora = await service.staff("Nora", "coordinator")
    async with service.browsing(nora) as browser:
        page = await html_of(await browser.get(CHAT))
        assert "Only a translator who has this language can say" in page
        assert 'value="reviewed"' not in page
        status, refused = await say(browser, page, "checkin/week", text="نص آخر", state="reviewed")
        assert status == 422
        assert 'aria-invalid="true" aria-describedby="trouble"' in refused
        assert fields_at(refused, "checkin/week")["text"] == "نص آخر", "what was typed stays"
        status, wrong = await say(browser, page, "checkin/week", text="كيف {name}؟")
        assert status == 422
        assert "{name} is not in the source." in wrong
        _, page = await say(browser, page, "checkin/week", note="أليس كذلك؟")
        assert "Nora" in page.partition('id="checkin/week:note"')[2].partition("</span>")[0]
        assert await stored(service) == {}, "a note changes no text and no state"
    for wrong_one in (await service.translator("Tara", "nb"), await service.translator("Lina")):
        async with service.browsing(wrong_one) as browser:
            page = await html_of(await browser.get(CHAT))
            assert fields_at(page, "checkin/week")["note"] == "أليس كذلك؟"
            assert (await say(browser, page, "checkin/week", state="reviewed"))[0] == 422
    async with service.browsing(await service.translator("Amal", "ar")) as browser:
        noted = await html_of(await browser.get(f"{TEXTS}?only=noted"))
        assert texts_on(noted) == ["checkin/week"]
        sent = await post(browser, TEXTS, {**fields_at(noted, "checkin/week"), "state": "reviewed"})
        assert sent.headers["Location"] == f"{TEXTS}?only=noted#checkin/week"
        assert "There is no such text." in await html_of(await browser.get(f"{TEXTS}?only=noted"))
    assert await service.database.read(lambda conn: text_notes.of_language(conn, service.vault, "ar")) == {}


async def test_texts_of_the_screens_are_found_worded_and_entered_into_the_files(service: World) -> None:
    amal = await service.translator("Amal", "ar")
    async with service.browsing(amal) as browser:
        languages = await html_of(await browser.get("/screens"))
        assert languages.index('"/screens/nb"') < languages.index("not offered") < languages.index('"/screens/ar"')
        first = await html_of(await browser.get(SCREENS))
        assert re.search(r"0 of \d{3} texts about taking part", first)
        assert "Page 1 of" in first
        assert len(first) < 150_000
        assert 'id="ui/skip"' not in await html_of(await browser.get(f"{SCREENS}?only=missing&find=skip"))
        help_now = await html_of(await browser.get(f"{SCREENS}?where=help"))
        assert all(name.startswith(("ui/help", "ui/emergency")) for name in texts_on(help_now))
        most = await html_of(await browser.get(f"{SCREENS}?find={MOST}"))
        assert "zero, one, two, few, many, other" in most
        context = f"ui/{MOST}"
        fields = fields_at(most, context)
        two = await post(browser, SCREENS, {**fields, "text": "اختيار {n}\nاختيار {n}"})
        assert "It has 2 forms." in await html_of(two, 422)
        forms = [f"اختيار {{n}} {place}" for place in ("أ", "ب", "ج", "د", "ه", "و")]
        sent = await post(browser, SCREENS, {**fields, "text": "\r\n".join(forms), "state": "reviewed"})
        assert sent.headers["Location"] == f"{SCREENS}?find={MOST}#{context}"
        assert "reviewed · Amal" in about(await html_of(await browser.get(f"{SCREENS}?find={MOST}")), context)
        for nothing in ("/screens/en", "/screens/xx", "/scripts/checkin/review/en", "/scripts/nothing/review/ar"):
            assert (await browser.get(nothing)).status == 404
    written = await service.database.read(script_texts.every)
    [done] = pull(service.locales, written, {amal: "Amal"})
    assert done.entered == (context,)
    [entry] = [one for one in po.read(catalogue_path(service.locales, "ar")).live if one.context == context]
    assert entry.texts == tuple(forms)
    mark = mark_of(entry)
    assert mark is not None
    assert (state_of(entry), mark.by, mark.day) == (State.REVIEWED, "Amal", service.now.date())


async def test_a_recording_is_heard_where_its_text_is_read(service: World, tmp_path: Path) -> None:
    voices = tmp_path / "voices" / "ar" / "checkin"
    voices.mkdir(parents=True)
    (voices / "week.mp3").write_bytes(b"a voice")
    service.recordings = Recordings.read(tmp_path / "voices")
    async with service.browsing(await service.translator("Amal", "ar")) as browser:
        page = await html_of(await browser.get(CHAT))
        source, draft = phones(page)
        assert "<audio" not in source
        assert 'src="/recordings/ar/checkin/week"' in draft
        assert 'src="/recordings/ar/checkin/week"' in await html_of(await browser.get(TEXTS))
        heard = await browser.get("/recordings/ar/checkin/week")
        assert (heard.content_type, await heard.read()) == ("audio/mpeg", b"a voice")
        assert (await browser.get("/recordings/ar/checkin/../../secret")).status == 404
        assert (await browser.get("/recordings/nb/checkin/week")).status == 404
