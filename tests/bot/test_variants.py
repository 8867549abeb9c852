"""A variant of a language holds what differs, and takes everything else over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.catalogs import Catalogs, po
from bot.catalogs.checking import check
from bot.catalogs.entering import put, review
from bot.catalogs.files import catalogue_path
from bot.catalogs.standing import status
from bot.catalogs.states import Mark, State
from bot.catalogs.translating import extract, update
from bot.catalogs.variants import parent_of
from bot.editor.pulling import pull
from bot.editor.wordings import Wordings
from dialogues import loader
from dialogues.model import Script
from storage.script_texts import ScriptText

SCRIPT = """\
dialogue: visit
language: en

steps:

  where:
    ask: |
      Where were you, {name}?
    answer: one of
    options:
      hospital: At the hospital
      office: At the office
    label: Visit
"""
WORDING = {"ui/skip": "Skip", "ui/help.now": "Help now", "ui/left": ("{n} question", "{n} questions")}
PERSIAN: dict[str, str | list[str]] = {
    "ui/skip": "رد شدن",
    "ui/help.now": "کمک فوری",
    "ui/left": ["{n} سؤال", "{n} سؤال"],
    "visit/where": "کجا بودید، {name}؟",
    "visit/where/hospital": "بیمارستان",
    "visit/where/office": "اداره",
    "visit/where.label": "بازدید",
}
HOSPITAL = {"visit/where/hospital": "شفاخانه"}
DRAFT = Mark(State.MACHINE_DRAFT, "medvind drafts", date(2026, 11, 22))
NOW = datetime(2026, 12, 2, 9, tzinfo=UTC)


class Folders:
    """A script and the wording, in Persian and in Dari."""

    def __init__(self, root: Path) -> None:
        self.scripts, self.locales = root / "scripts", root / "locales"
        self.scripts.mkdir()
        (self.scripts / "visit.yaml").write_text(SCRIPT, encoding="utf-8")
        self.carry()
        update(self.locales, ["fa"])
        update(self.locales, ["fa_AF"])
        put(self.locales, "fa", PERSIAN, DRAFT)
        put(self.locales, "fa_AF", HOSPITAL, DRAFT)

    def carry(self, script: str = SCRIPT) -> None:
        """Extract from this script, and update."""
        (self.scripts / "visit.yaml").write_text(script, encoding="utf-8")
        assert not extract(self.scripts, self.locales, wording=WORDING).problems
        update(self.locales)

    def catalogs(self, *, allow_drafts: bool = True, only: list[str] | None = None) -> Catalogs:
        return Catalogs.load(self.locales, allow_drafts=allow_drafts, only=only, wording=WORDING)

    def own(self) -> dict[str, tuple[str, ...]]:
        """What the file of the variant holds."""
        return {entry.context: entry.texts for entry in po.read(catalogue_path(self.locales, "fa_AF")).entries}

    def findings(self) -> list[str]:
        """What is found in the variant."""
        found = check(self.scripts, self.locales, wording=WORDING)
        return [f"{each.context}: {each.what}" for each in found if each.language == "fa_AF"]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def visit() -> Script:
    return loader.load(SCRIPT)


def hospital_and_office(texts: Mapping[str, str] | None) -> tuple[str, str]:
    assert texts is not None
    return texts["visit/where/hospital"], texts["visit/where/office"]


def test_a_variant_is_offered_with_its_own_words_and_those_it_takes_over(folders: Folders, visit: Script) -> None:
    catalogs = folders.catalogs()
    assert catalogs.languages == ("en", "fa", "fa_AF")
    assert (catalogs.name("fa_AF"), catalogs.direction("fa_AF")) == ("دری", "rtl")
    assert folders.own() == {"visit/where/hospital": ("شفاخانه",)}
    assert hospital_and_office(catalogs.script_texts(visit, "fa_AF")) == ("شفاخانه", "اداره")
    assert hospital_and_office(catalogs.script_texts(visit, "fa")) == ("بیمارستان", "اداره")
    assert catalogs.written_texts(visit, "fa_AF") == catalogs.script_texts(visit, "fa_AF"), "published whole"
    assert catalogs.ui("fa_AF") == catalogs.ui("fa")
    assert catalogs.count("fa_AF", "ui/left", 5) == "{n} سؤال"
    assert folders.catalogs(only=["fa_AF"]).languages == ("en", "fa_AF"), "without the other being offered"


def test_a_text_that_the_other_lacks_is_missing_in_both(folders: Folders) -> None:
    path = catalogue_path(folders.locales, "fa")
    path.write_text(path.read_text().replace('"رد شدن"', '""'))
    assert folders.catalogs().refused.keys() == {"fa", "fa_AF"}
    assert folders.findings() == [], "it is said of the other one"
    put(folders.locales, "fa_AF", {"ui/skip": "گذشتن"}, DRAFT)
    assert folders.catalogs().languages == ("en", "fa_AF")


@pytest.mark.parametrize(("code", "parent"), [("sr_Latn", "sr"), ("pt_PT", "pt"), ("nb", "nb")])
def test_other_letters_or_other_plurals_stand_alone(tmp_path: Path, code: str, parent: str) -> None:
    path = catalogue_path(tmp_path, parent)
    path.parent.mkdir(parents=True)
    path.touch()
    assert parent_of(tmp_path, code) == ""


def test_a_variant_of_nothing_is_a_language_like_any_other(tmp_path: Path) -> None:
    scripts, locales = tmp_path / "scripts", tmp_path / "locales"
    scripts.mkdir()
    extract(scripts, locales, wording=WORDING)
    update(locales, ["fa_AF"])
    assert len(list(po.read(catalogue_path(locales, "fa_AF")).live)) == len(WORDING)


def test_reviews_go_with_the_texts_that_were_read(folders: Folders) -> None:
    """What is taken over is the very text that a reader of the other language has signed."""
    assert "fa_AF" in folders.catalogs(allow_drafts=False).refused
    review(folders.locales, "fa", ["ui/help.now"], "Leila P.", date(2026, 12, 1))
    assert folders.catalogs(allow_drafts=False).languages == ("en", "fa", "fa_AF")
    put(folders.locales, "fa_AF", {"ui/help.now": "کمک عاجل"}, DRAFT)
    assert folders.catalogs(allow_drafts=False).languages == ("en", "fa")


def test_an_outdated_word_of_its_own_gives_way_to_one_that_is_up_to_date(folders: Folders, visit: Script) -> None:
    reworded = SCRIPT.replace("At the hospital", "In a hospital bed")
    folders.carry(reworded)
    assert folders.own() == {"visit/where/hospital": ("شفاخانه",)}
    texts = folders.catalogs().script_texts(loader.load(reworded), "fa_AF")
    assert hospital_and_office(texts)[0] == "شفاخانه", "both are outdated"
    put(folders.locales, "fa", {"visit/where/hospital": "بستری"}, DRAFT)
    texts = folders.catalogs().script_texts(loader.load(reworded), "fa_AF")
    assert hospital_and_office(texts)[0] == "بستری"
    folders.carry(SCRIPT)
    assert hospital_and_office(folders.catalogs().script_texts(visit, "fa_AF"))[0] == "شفاخانه"


def test_update_adds_nothing_and_loses_nothing(folders: Folders) -> None:
    before = catalogue_path(folders.locales, "fa_AF").read_bytes()
    folders.carry()
    assert catalogue_path(folders.locales, "fa_AF").read_bytes() == before
    folders.carry(SCRIPT.replace("      hospital: At the hospital\n", "      court: In court\n"))
    (entry,) = po.read(catalogue_path(folders.locales, "fa_AF")).entries
    assert (entry.context, entry.obsolete) == ("visit/where/hospital", True)
    folders.carry(SCRIPT)
    assert hospital_and_office(folders.catalogs().script_texts(loader.load(SCRIPT), "fa_AF"))[0] == "شفاخانه"


def test_what_is_entered_alike_is_not_kept_twice(folders: Folders) -> None:
    put(folders.locales, "fa_AF", {"visit/where/office": "اداره", "ui/skip": " ", "ui/help.now": "کمک عاجل"}, DRAFT)
    assert folders.own().keys() == {"visit/where/hospital", "ui/help.now"}
    review(folders.locales, "fa_AF", ["ui/skip", "ui/help.now"], "Farid A.", date(2026, 12, 1))
    assert folders.own().keys() == {"visit/where/hospital", "ui/help.now"}, "there is nothing of its own to sign"
    with pytest.raises(ValueError, match="ui/skipp"):
        put(folders.locales, "fa_AF", {"ui/skipp": "گذشتن"}, DRAFT)


def test_check_finds_what_needs_no_words_of_its_own_and_what_collides(folders: Folders) -> None:
    assert folders.findings() == []
    path = catalogue_path(folders.locales, "fa_AF")
    file = po.read(path)
    (own,) = file.entries
    path.write_text(po.dump(replace(file, entries=(replace(own, texts=("بیمارستان",)),))))
    assert folders.findings() == ["visit/where/hospital: It reads as in fa."]
    path.write_text(po.dump(replace(file, entries=(replace(own, texts=("اداره",)),))))
    (clash,) = folders.findings()
    assert "is also the text of visit/where/hospital" in clash, "with a word that is taken over"


def test_status_says_whose_variant_it_is(folders: Folders) -> None:
    dari = next(each for each in status(folders.locales) if each.code == "fa_AF")
    assert "variant of fa, 1 texts of its own" in str(dari)
    assert dari.participants.is_open
    assert dari.participants.states == {State.MACHINE_DRAFT: len(PERSIAN)}


# In the console --------------------------------------------------------------------------------------------------


def console(context: str, text: str, language: str) -> ScriptText:
    """What somebody wrote there."""
    source = {"visit/where/hospital": "At the hospital", "visit/where/office": "At the office"}[context]
    return ScriptText(language, context, source, text, State.HUMAN_DRAFT.value, 1, NOW)


def test_what_is_written_in_the_console_for_one_is_taken_over_by_the_other(folders: Folders, visit: Script) -> None:
    written = [console("visit/where/office", "دفتر", "fa"), console("visit/where/hospital", "درمانگاه", "fa")]
    wordings = Wordings(folders.catalogs(), written)
    assert hospital_and_office(wordings.written_texts(visit, "fa_AF")) == ("شفاخانه", "دفتر")
    wordings = Wordings(folders.catalogs(), [*written, console("visit/where/office", "ریاست", "fa_AF")])
    assert hospital_and_office(wordings.written_texts(visit, "fa_AF")) == ("شفاخانه", "ریاست")


def test_a_script_that_is_written_in_the_other_language_needs_no_translation(folders: Folders) -> None:
    own = loader.load(SCRIPT.replace("language: en", "language: fa").replace("At the office", "اداره"))
    texts = folders.catalogs().written_texts(own, "fa_AF")
    assert hospital_and_office(texts) == ("شفاخانه", "اداره")
    assert Wordings(folders.catalogs()).written_texts(own, "fa_AF") is not None


def test_pull_enters_words_of_its_own_into_its_file(folders: Folders) -> None:
    written = [console("visit/where/office", "ریاست", "fa_AF")]
    (pulled,) = pull(folders.locales, written, {1: "Farid A."})
    assert (pulled.entered, pulled.waiting) == (("visit/where/office",), ())
    assert folders.own() == {"visit/where/hospital": ("شفاخانه",), "visit/where/office": ("ریاست",)}
    folders.carry()
    assert folders.own().keys() == {"visit/where/hospital", "visit/where/office"}
