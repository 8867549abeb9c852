"""The catalogues that come with Medvind are complete and clean, and no text strays from one language to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.catalogs import Catalogs, po
from bot.catalogs.audience import is_for_staff
from bot.catalogs.checking import check
from bot.catalogs.entering import put
from bot.catalogs.files import TEMPLATE, catalogue_path, languages_in, template_in
from bot.catalogs.forms import variants
from bot.catalogs.language import language
from bot.catalogs.safety import SAFETY_CONTEXTS, is_safety
from bot.catalogs.sources import scripts_in
from bot.catalogs.standing import markdown
from bot.catalogs.states import Mark, State, mark_of
from bot.catalogs.translating import extract, update
from bot.catalogs.variants import parent_of
from bot.dates import day_text
from bot.wording import WORDING
from dialogues import loader
from dialogues.model import Script, Share
from dialogues.texts import placeholders

ROOT = Path(__file__).parents[2]
SCRIPTS, LOCALES = ROOT / "dialogues" / "scripts", ROOT / "locales"
SHIPPED = tuple(languages_in(LOCALES))
SOURCES = scripts_in(SCRIPTS)


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    return Catalogs.load(LOCALES, allow_drafts=True)


@pytest.fixture(params=SOURCES)
def script(request: pytest.FixtureRequest) -> Script:
    return loader.load(SOURCES[request.param], SOURCES)


def test_nothing_is_found_in_what_is_shipped() -> None:
    assert [str(finding) for finding in check(SCRIPTS, LOCALES)] == []


def test_the_files_are_as_extract_and_update_write_them(tmp_path: Path) -> None:
    for code in languages_in(LOCALES):
        path = catalogue_path(tmp_path, code)
        path.parent.mkdir(parents=True)
        path.write_bytes(catalogue_path(LOCALES, code).read_bytes())
    (tmp_path / TEMPLATE).write_bytes((LOCALES / TEMPLATE).read_bytes())
    assert not extract(SCRIPTS, tmp_path).problems
    update(tmp_path)
    for written in tmp_path.rglob("messages.po*"):
        shipped = LOCALES / written.relative_to(tmp_path)
        assert written.read_bytes() == shipped.read_bytes(), "run `medvind translate extract` and `update`"


def test_every_shipped_language_is_offered(catalogs: Catalogs) -> None:
    assert catalogs.refused == {}
    assert catalogs.languages[0] == "en"
    assert set(SHIPPED) <= set(catalogs.languages)


@cache
def as_babel_reads(code: str) -> Mapping[str, object]:
    """What another program finds in a catalogue; in that of a variant, what it finds in both."""
    with catalogue_path(LOCALES, code).open("rb") as file:
        own = {str(message.context): message.string for message in read_po(file) if message.id and message.string}
    parent = parent_of(LOCALES, code)
    return {**as_babel_reads(parent), **own} if parent else own


def test_every_text_of_a_script_is_from_its_language(catalogs: Catalogs, script: Script) -> None:
    source, for_staff = catalogs.script_texts(script, "en"), is_for_staff(f"{script.dialogue}/")
    assert source is not None
    for code in SHIPPED:
        texts = catalogs.written_texts(script, code)
        if for_staff and code not in catalogs.staff_languages:
            assert texts is None
            continue
        assert texts is not None, code
        assert texts.keys() == source.keys()
        assert texts == {context: as_babel_reads(code)[context] for context in texts}
        for context, written in texts.items():
            assert {placeholders(text) for text in variants(written)} == {placeholders(source[context])}, context


def test_texts_never_stray_between_languages(tmp_path: Path) -> None:
    """Each text of each language is replaced by its own address, so that one from elsewhere would be seen."""
    languages = ("nb", "ar", "uk")
    assert not extract(SCRIPTS, tmp_path).problems
    update(tmp_path, languages)
    for code in languages:
        put(tmp_path, code, _addresses(tmp_path, code), Mark(State.MACHINE_DRAFT, "test", date(2026, 11, 22)))
    catalogs = Catalogs.load(tmp_path, allow_drafts=True)
    assert catalogs.languages == ("en", "ar", "nb", "uk")
    for code in languages:
        for name, source in SOURCES.items():
            texts = catalogs.script_texts(loader.load(source, SOURCES), code)
            assert texts == {context: f"{code} {context}" for context in texts or ()}, name
        assert catalogs.ui(code) == {context: f"{code} {context}" for context in catalogs.ui("en")}
        for context in (context for context, text in WORDING.items() if isinstance(text, tuple)):
            assert catalogs.count(code, context, 3).startswith(f"{code} {context}")


def _addresses(locales: Path, code: str) -> dict[str, str | list[str]]:
    return {
        entry.context: [f"{code} {entry.context} {form}" for form in language(code).classes]
        if len(entry.source) > 1
        else f"{code} {entry.context}"
        for entry in template_in(locales).entries
    }


def test_every_share_step_is_a_safety_text(script: Script) -> None:
    assert all(is_safety(step.key) for step in script.steps if isinstance(step, Share))


@pytest.mark.parametrize(
    "context",
    [
        "onboarding/free_choice",
        "onboarding/limits",
        "onboarding/explained/me",
        "weekly_checkin/sharing",
        "weekly_checkin/not_alone",
        "ui/share_page.lines",
        "ui/help.danger",
        "ui/help.not_read",
    ],
)
def test_what_a_wrong_word_would_make_a_false_promise_of_is_a_safety_text(context: str) -> None:
    assert is_safety(context)
    assert context in {entry.context for entry in template_in(LOCALES).entries}


def test_an_ordinary_text_is_none() -> None:
    assert not is_safety("weekly_checkin/week")
    assert not is_safety("ui/page.send")
    assert not is_safety("staff/overview")
    assert all(SAFETY_CONTEXTS.values()), "each with its reason"


@pytest.mark.parametrize("code", SHIPPED)
def test_drafts_are_called_drafts(catalogs: Catalogs, code: str) -> None:
    """Nobody has reviewed these texts yet. Whoever does changes the state, and then this test."""
    assert catalogs.is_machine_draft(code)
    marks = [mark_of(entry) for entry in po.read(catalogue_path(LOCALES, code)).live if entry.filled]
    assert {mark.state for mark in marks if mark} == {State.MACHINE_DRAFT}
    assert all(marks)


def test_a_draft_of_a_safety_text_keeps_the_language_from_people() -> None:
    assert Catalogs.load(LOCALES, allow_drafts=False).languages == ("en",)


def test_the_figures_in_the_docs_are_those_of_the_catalogues() -> None:
    told = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    assert told == markdown(LOCALES), "medvind translate status --markdown > docs/languages.md"


def test_dari_differs_from_persian_where_it_has_words_of_its_own(catalogs: Catalogs) -> None:
    assert (catalogs.name("fa"), catalogs.name("fa_AF")) == ("فارسی", "دری")
    assert (catalogs.ui("fa")["ui/help.police"], catalogs.ui("fa_AF")["ui/help.police"]) == ("پلیس", "پولیس")
    assert catalogs.ui("fa")["ui/yes"] == catalogs.ui("fa_AF")["ui/yes"]
    march = [day_text("2026-03-05", code) for code in ("fa", "fa_AF")]
    assert march == ["پنجشنبه 5 مارس 2026", "پنجشنبه 5 مارچ 2026"]
