"""Catalogs: a language is whole or not there, and its safety texts were read by a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.catalogs import Catalogs, po
from bot.catalogs.entering import put, review
from bot.catalogs.files import catalogue_path, languages_in
from bot.catalogs.language import described, language, locale_of
from bot.catalogs.states import Mark, State
from bot.catalogs.translating import extract, update
from bot.config import LOCALES
from dialogues import loader
from dialogues.model import Script

INNER = """\
dialogue: inner
language: en

steps:

  now:
    ask: |
      Is it cold, {name}?
    answer: one of
    options:
      cold: It is cold
      warm: It is warm
    label: Weather
"""
OUTER = """\
dialogue: outer
title: The day
language: en

steps:

  hello:
    say: |
      Hello.

  weather:
    run: inner

  day:
    ask: |
      How was the day?
    answer: text
    label: Day

  end:
    share: |
      This is what {specialist} will see.
    offer:
      - day
"""
WORDING = {"ui/skip": "Skip", "ui/help.now": "Help now", "ui/left": ("{n} question", "{n} questions")}
NB: dict[str, str | list[str]] = {
    "ui/skip": "Hopp over",
    "ui/help.now": "Hjelp nå",
    "ui/left": ["{n} spørsmål", "{n} spørsmål igjen"],
    "inner/now": "Er det kaldt, {name}?",
    "inner/now/cold": "Det er kaldt",
    "inner/now/warm": "Det er varmt",
    "inner/now.label": "Vær",
    "outer.title": "Dagen",
    "outer/hello": "Hei.",
    "outer/day": "Hvordan var dagen?",
    "outer/day.label": "Dag",
    "outer/end": "Dette ser {specialist}.",
}
DRAFT = Mark(State.MACHINE_DRAFT, "medvind drafts", date(2026, 11, 22))
REVIEWED = Mark(State.REVIEWED, "Kari N.", date(2026, 12, 1))


@pytest.fixture
def locales(tmp_path: Path) -> Path:
    scripts, folder = tmp_path / "scripts", tmp_path / "locales"
    scripts.mkdir()
    (scripts / "inner.yaml").write_text(INNER)
    (scripts / "outer.yaml").write_text(OUTER)
    assert not extract(scripts, folder, wording=WORDING).problems
    update(folder, ["nb"])
    put(folder, "nb", NB, DRAFT)
    return folder


@pytest.fixture
def outer() -> Script:
    return loader.load(OUTER, {"inner": INNER})


def load(folder: Path, allow_drafts: bool = True, only: list[str] | None = None) -> Catalogs:
    return Catalogs.load(folder, allow_drafts=allow_drafts, only=only, wording=WORDING)


def blank(folder: Path, text: str, instead: str = "") -> None:
    """What an editor of catalogue files does to one translation."""
    path = catalogue_path(folder, "nb")
    before = path.read_text()
    assert f'msgstr "{text}"' in before
    path.write_text(before.replace(f'msgstr "{text}"', f'msgstr "{instead}"'))


def test_a_complete_language_is_offered_after_the_source(locales: Path) -> None:
    catalogs = load(locales)
    assert catalogs.languages == ("en", "nb")
    assert catalogs.refused == {}
    assert catalogs.ui("en") == {"ui/skip": "Skip", "ui/help.now": "Help now"}
    assert catalogs.ui("nb") == {"ui/skip": "Hopp over", "ui/help.now": "Hjelp nå"}
    assert catalogs.name("nb") == "norsk bokmål"
    assert catalogs.direction("nb") == "ltr"
    with pytest.raises(KeyError):
        catalogs.ui("ar")


def test_the_texts_of_a_script_come_with_those_it_runs_and_from_one_language(locales: Path, outer: Script) -> None:
    catalogs = load(locales)
    source, translated = catalogs.script_texts(outer, "en"), catalogs.script_texts(outer, "nb")
    assert source is not None
    assert translated == {context: text for context, text in NB.items() if not context.startswith("ui/")}
    assert source.keys() == translated.keys()
    assert source["inner/now/cold"] == "It is cold"
    assert catalogs.script_texts(outer, "ar") is None


def test_a_script_without_one_translation_has_none(locales: Path, outer: Script) -> None:
    blank(locales, "Det er varmt")
    catalogs = load(locales)
    assert catalogs.script_texts(outer, "nb") is None
    assert catalogs.languages == ("en",)
    assert "inner/now/warm" in catalogs.refused["nb"]
    assert catalogs.ui("nb")["ui/skip"] == "Hopp over", "for conversations that are under way"


def test_a_language_without_one_text_of_the_wording_is_not_there(locales: Path) -> None:
    blank(locales, "Hopp over")
    catalogs = load(locales)
    assert catalogs.languages == ("en",)
    assert "ui/skip" in catalogs.refused["nb"]
    with pytest.raises(KeyError):
        catalogs.ui("nb")


def test_people_are_offered_a_language_that_lacks_what_only_staff_read(locales: Path) -> None:
    """Staff are not: half a page in one language and half in another helps nobody."""
    wording = {**WORDING, "staff/seen": "Seen", "staff/people": ("{n} person", "{n} people")}
    translated = {"staff/seen": "Sett", "staff/people": ["{n} person", "{n} personer"]}
    extract(locales.parent / "scripts", locales, wording=wording)
    update(locales, ["nb"])
    put(locales, "nb", {"staff/seen": "Sett"}, DRAFT)
    half = Catalogs.load(locales, allow_drafts=True, wording=wording)
    assert (half.languages, half.staff_languages) == (("en", "nb"), ("en",))
    assert half.ui("nb") == {"ui/skip": "Hopp over", "ui/help.now": "Hjelp nå"}, "not the half that is there"
    with pytest.raises(KeyError):
        half.count("nb", "staff/people", 2)
    put(locales, "nb", translated, DRAFT)
    whole = Catalogs.load(locales, allow_drafts=True, wording=wording)
    assert whole.staff_languages == ("en", "nb")
    assert whole.ui("nb")["staff/seen"] == "Sett"


def test_a_placeholder_that_nothing_fills_counts_as_missing(locales: Path, outer: Script) -> None:
    blank(locales, "Er det kaldt, {name}?", "Er det kaldt, {navn}?")
    catalogs = load(locales)
    assert catalogs.script_texts(outer, "nb") is None
    assert "inner/now" in catalogs.refused["nb"]


def test_a_placeholder_that_an_older_script_lacks_keeps_the_translation_out(locales: Path) -> None:
    older = loader.load(INNER.replace(", {name}?", "?"))
    assert load(locales).script_texts(older, "nb") is None


def test_wording_that_is_newer_than_the_catalogue_is_missing(locales: Path) -> None:
    newer = Catalogs.load(locales, allow_drafts=True, wording={**WORDING, "ui/back": "Back"})
    assert newer.languages == ("en",)
    assert "ui/back" in newer.refused["nb"]
    plural = Catalogs.load(locales, allow_drafts=True, wording={**WORDING, "ui/skip": ("Skip {n}", "Skip {n}")})
    assert "ui/skip" in plural.refused["nb"]


def test_outdated_texts_are_used(locales: Path, outer: Script) -> None:
    path = catalogue_path(locales, "nb")
    path.write_text(path.read_text().replace('msgctxt "outer/hello"', '#, fuzzy\nmsgctxt "outer/hello"'))
    texts = load(locales).script_texts(outer, "nb")
    assert texts is not None
    assert texts["outer/hello"] == "Hei."


def test_safety_texts_must_be_reviewed_unless_drafts_are_allowed(locales: Path, outer: Script) -> None:
    refusing = load(locales, allow_drafts=False)
    assert refusing.languages == ("en",)
    assert "ui/help.now" in refusing.refused["nb"]

    review(locales, "nb", ["ui/help.now"], "Kari N.", date(2026, 12, 1))
    catalogs = load(locales, allow_drafts=False)
    assert catalogs.languages == ("en", "nb")
    assert catalogs.script_texts(outer, "nb") is None, "its share step is a safety text under any name"

    review(locales, "nb", ["outer/end"], "Kari N.", date(2026, 12, 1))
    assert load(locales, allow_drafts=False).script_texts(outer, "nb") is not None


def test_a_text_that_was_changed_after_its_review_closes_the_gate_again(locales: Path) -> None:
    review(locales, "nb", ["ui/help.now"], "Kari N.", date(2026, 12, 1))
    blank(locales, "Hjelp nå", "Hjelp")
    assert load(locales, allow_drafts=False).languages == ("en",)


def test_the_source_is_always_allowed(locales: Path, outer: Script) -> None:
    assert load(locales, allow_drafts=False).script_texts(outer, "en") is not None


def test_machine_drafts_are_known(locales: Path) -> None:
    assert load(locales).is_machine_draft("nb")
    assert not load(locales).is_machine_draft("en")
    put(locales, "nb", NB, REVIEWED)
    assert not load(locales).is_machine_draft("nb")


def test_counts_take_the_form_of_the_language(locales: Path) -> None:
    update(locales, ["ar"])
    forms = [f"{{n}} {name}" for name in language("ar").classes]
    put(locales, "ar", {**{c: "نص" for c, t in NB.items() if isinstance(t, str)}, "ui/left": forms}, DRAFT)
    catalogs = load(locales)
    assert catalogs.direction("ar") == "rtl"
    expected = {0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 99: "many", 100: "other", 103: "few"}
    assert {n: catalogs.count("ar", "ui/left", n).split()[1] for n in expected} == expected
    assert catalogs.count("nb", "ui/left", 1) == "{n} spørsmål"
    assert catalogs.count("en", "ui/left", 0) == "{n} questions"


def test_a_broken_file_leaves_its_language_out_and_no_other(locales: Path) -> None:
    other = catalogue_path(locales, "da")
    other.parent.mkdir(parents=True)
    other.write_text("<<<<<<< HEAD\n")
    catalogs = load(locales)
    assert catalogs.languages == ("en", "nb")
    assert "messages.po:1" in catalogs.refused["da"]


def test_only_the_languages_of_the_programme_are_loaded(locales: Path) -> None:
    assert load(locales, only=["en"]).languages == ("en",)
    assert load(locales, only=["en", "nb"]).languages == ("en", "nb")
    catalogs = load(locales, only=["uk"])
    assert catalogs.languages == ("en",)
    assert "uk" in catalogs.refused


def test_a_script_in_another_language_needs_english_too(locales: Path) -> None:
    norwegian = loader.load(INNER.replace("language: en", "language: nb").replace("inner", "indre"))
    catalogs = load(locales)
    assert catalogs.script_texts(norwegian, "nb") is not None
    assert catalogs.script_texts(norwegian, "en") is None


@pytest.mark.parametrize("code", ["en", "nb", "ar", "uk", "pl", "fa", "fa_AF", "ti", "so", "ro", "ur", "es", "vi"])
def test_the_formula_in_a_file_gives_the_form_that_cldr_gives(code: str) -> None:
    tongue, rule = language(code), locale_of(code).plural_form
    assert tongue.plural_forms.startswith(f"nplurals={len(tongue.classes)};")
    assert all(tongue.classes[tongue.form(n)] == rule(n) for n in [*range(1200), 10**6, 2 * 10**6])


@pytest.mark.parametrize("code", languages_in(LOCALES))
def test_the_header_of_a_catalogue_says_of_its_language_what_cldr_does(code: str) -> None:
    assert described(code, po.read_header(catalogue_path(LOCALES, code))) == language(code)


@pytest.mark.parametrize("field", ["X-Language-Name", "X-Plural-Classes", "Plural-Forms"])
def test_where_a_header_lacks_something_cldr_is_asked(field: str) -> None:
    header = {**language("ar").header, "X-Language-Name": "another name"}
    assert described("ar", header).name == "another name"
    assert described("ar", {**header, field: ""}) == language("ar")
