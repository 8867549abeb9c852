"""What is wrong with a translation is found, with the text, the language and what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.catalogs.checking import check
from bot.catalogs.comparing import SAME_NOTE, of_entry
from bot.catalogs.entering import put
from bot.catalogs.files import TEMPLATE, catalogue_path
from bot.catalogs.finding import Finding
from bot.catalogs.language import language
from bot.catalogs.lengths import too_long
from bot.catalogs.po import Entry
from bot.catalogs.states import Mark, State
from bot.catalogs.translating import extract, update

DRAFT = Mark(State.MACHINE_DRAFT, "medvind drafts", date(2026, 11, 22))
SCRIPT = """\
dialogue: visit
language: en

steps:

  how:
    ask: |
      How was it, {name}?
    answer: one of
    options:
      good: It was good
      bad: It was bad
    label: Visit
"""
WORDING = {"ui/skip": "Skip", "ui/command.help": "help, assist", "ui/command.stop": "stop"}
NB: dict[str, str | list[str]] = {
    "ui/skip": "Hopp over",
    "ui/command.help": "hjelp, bistand",
    "ui/command.stop": "stans",
    "visit/how": "Hvordan var det, {name}?",
    "visit/how/good": "Det var bra",
    "visit/how/bad": "Det var dårlig",
    "visit/how.label": "Besøk",
}

ONE_TEXT = [
    ("nb", "Hello {name}", "Hei {name}", ""),
    ("nb", "Hello {name}", "Hei", "{name} is lost"),
    ("nb", "Hello {name}", "Hei {Name}", "{name} is lost"),
    ("nb", "Hello", "Hei {name}", "{name} is not in the source"),
    ("nb", "Hello {name}", "Hei {name.__class__}", "{name} is lost"),
    ("nb", "In 24 hours", "Om 24 timer", ""),
    ("nb", "In 24 hours", "Om et døgn", "24 is lost"),
    ("nb", "In 24 hours", "Om 24 eller 24 timer", "24 is there more often"),
    ("nb", "In 24 hours", "Om 42 timer", "24 is lost"),
    ("ar", "In 24 hours", "خلال 24 ساعة", ""),
    ("ar", "In 24 hours", "خلال ٢٤ ساعة", "Write digits as 0 to 9"),
    ("nb", "A note (short)", "En merknad (kort", "( and ) do not match"),
    ("nb", "A note", "En «merknad", "« and » do not match"),
    ("nb", 'Say "yes"', 'Si "ja', "stands alone"),
    ("ar", "A note", "ملاحظة\u200f", "U+200F"),
    ("ar", "A note", "\u202bملاحظة\u202c", "U+202B"),
    ("ar", "A note", "\u2067ملاحظة\u2069", "U+2069"),
    ("nb", "A note", "En\u200bmerknad", "U+200B"),
    ("nb", "A note", "En\x07merknad", "U+0007"),
    ("fa", "I want", "می\u200cخواهم", ""),
    ("nb", "A note", " En merknad", "begins with another space"),
    ("nb", "A note", "En merknad\n", "ends with another space"),
    ("nb", ", ", ", ", ""),
    ("nb", ", ", ",", "ends with another space"),
    ("nb", "Half and half", "Half and half", "same as the source"),
    ("nb", "Half and half.", "half and half", "same as the source"),
    ("nb", "OK", "OK", ""),
    ("nb", "{day} · {reader}", "{day} · {reader}", ""),
    ("nb", "Hello", "مرحبا", "letters of another script"),
    ("nb", "Hello", "Hеi", "letters of another script"),
    ("ar", "Hello", "Hello there", "letters of another script"),
    ("ar", "Your CV", "سيرتك CV", ""),
    ("ar", "Medvind shows it", "يعرضه Medvind", ""),
    ("ar", "Your name, {name}", "اسمك، {name}", ""),
    ("ar", "Hello", "Привет", "letters of another script"),
    ("ar", "Job", "کار", "letters that العربية does not have"),
    ("uk", "Hello", "Привет, мы", "letters that українська does not have"),
    ("ar", "How was it?", "كيف كان?", "Write ؟"),
    ("ar", "Well, yes", "حسنا, نعم", "Write ،"),
    ("nb", "Hello", "Hei!", "exclamation mark"),
]


@pytest.mark.parametrize(("code", "source", "text", "says"), ONE_TEXT)
def test_one_text(code: str, source: str, text: str, says: str) -> None:
    found = " ".join(f"{what} {remedy}" for what, remedy in of_entry(Entry("x", (source,), (text,)), language(code)))
    assert (says in found) if says else not found, found


ZERO_TO_OTHER = ("لا أسئلة", "سؤال واحد", "سؤالان", "{n} أسئلة", "{n} سؤالا", "{n} سؤال")
PLURALS = [
    ("ar", ZERO_TO_OTHER, ""),
    ("ar", (*ZERO_TO_OTHER[:3], "أسئلة", *ZERO_TO_OTHER[4:]), 'In the form "few": {n} is lost'),
    ("ar", ("", *ZERO_TO_OTHER[1:]), 'The form "zero" is missing'),
    ("ar", ZERO_TO_OTHER[:2], "exactly: zero, one, two, few, many, other"),
    ("nb", ("{n} spørsmål", "{n} spørsmål, flere"), ""),
    ("nb", ("ett spørsmål", "{n} spørsmål"), ""),
    ("uk", ("одне питання", "{n} питання", "{n} питань", "{n} питання"), 'In the form "one": {n} is lost'),
    ("nb", ("{n} question", "{n} questions"), "same as the source"),
]


@pytest.mark.parametrize(("code", "forms", "says"), PLURALS)
def test_plural_forms(code: str, forms: tuple[str, ...], says: str) -> None:
    entry = Entry("x", ("{n} question", "{n} questions"), forms)
    found = " ".join(f"{what} {remedy}" for what, remedy in of_entry(entry, language(code)))
    assert (says in found) if says else not found, found


def test_the_same_on_purpose_is_said_in_a_comment() -> None:
    entry = Entry("x", ("Person",), ("Person",), notes=(SAME_NOTE,))
    assert not list(of_entry(entry, language("nb")))


def test_buttons_have_room_for_few_characters() -> None:
    def found(context: str, length: int, source: str = "Go on") -> bool:
        return bool(list(too_long(Entry(context, (source,), ("a" * length,)))))

    assert found("visit/how/good", 61)
    assert not found("visit/how/good", 60)
    assert not found("visit/how", 400)
    assert not found("visit/how.label/group", 61)
    assert found("ui/page.go", 41)
    assert not found("ui/page.go", 40)
    assert not found("ui/page.go", 41, "A sentence."), "it has room to run on"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    scripts, locales = tmp_path / "scripts", tmp_path / "locales"
    scripts.mkdir()
    (scripts / "visit.yaml").write_text(SCRIPT)
    extract(scripts, locales, wording=WORDING)
    update(locales, ["nb"])
    put(locales, "nb", NB, DRAFT)
    return scripts, locales


def findings(folders: tuple[Path, Path], **wording: str) -> list[Finding]:
    return check(*folders, wording={**WORDING, **wording})


def changed(folders: tuple[Path, Path], old: str, new: str) -> list[Finding]:
    """The findings after an edit of the catalogue."""
    path = catalogue_path(folders[1], "nb")
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return findings(folders)


def only(found: list[Finding]) -> str:
    (one,) = found
    return str(one)


def test_a_clean_folder_has_no_findings(folders: tuple[Path, Path]) -> None:
    assert findings(folders) == []


def test_a_finding_says_where_and_what_to_do(folders: tuple[Path, Path]) -> None:
    found = only(changed(folders, "det, {name}?", "det?"))
    path = catalogue_path(folders[1], "nb")
    line = path.read_text().splitlines().index('msgctxt "visit/how"') + 1
    assert found.startswith(f"{path}:{line}  nb  visit/how  {{name}} is lost. Put {{name}} where it belongs")


def test_a_missing_text_is_found(folders: tuple[Path, Path]) -> None:
    assert "not translated" in only(changed(folders, 'msgstr "Hopp over"', 'msgstr ""'))


def test_a_template_that_is_behind_is_found_by_content(folders: tuple[Path, Path]) -> None:
    assert "ui/back" in only(check(*folders, wording={**WORDING, "ui/back": "Back"}))
    assert "has gone" in only(check(*folders, wording={c: t for c, t in WORDING.items() if c != "ui/skip"}))
    (folders[0] / "visit.yaml").write_text("# A comment moves every line.\n" + SCRIPT)
    assert findings(folders) == []
    (folders[0] / "visit.yaml").write_text(SCRIPT.replace("How was it", "How did it go"))
    found = only(findings(folders))
    assert "visit/how  " in found
    assert "Run extract" in found


def test_a_catalogue_that_is_behind_is_found(folders: tuple[Path, Path]) -> None:
    (folders[0] / "visit.yaml").write_text(SCRIPT.replace("How was it", "How did it go"))
    extract(*folders, wording=WORDING)
    assert "Run update" in only(findings(folders))
    update(folders[1])
    (outdated,) = findings(folders)
    assert "reworded" in outdated.what
    assert not outdated.severe


def test_a_script_with_mistakes_is_found(folders: tuple[Path, Path]) -> None:
    (folders[0] / "visit.yaml").write_text(SCRIPT.replace("answer: one of", "answer: one off"))
    assert any("visit.yaml:9" in str(found) for found in findings(folders))


def test_a_state_in_another_form_is_found(folders: tuple[Path, Path]) -> None:
    unreadable = only(changed(folders, "# state: machine draft, by", "# state: draft, by"))
    assert "# state: machine draft, by NAME" in unreadable


def test_a_text_without_a_state_is_mentioned(folders: tuple[Path, Path]) -> None:
    (found,) = changed(folders, f"# {DRAFT.note()}\n", "")
    assert "counts as a machine draft" in found.what
    assert not found.severe


def test_two_entries_of_one_context_are_found(folders: tuple[Path, Path]) -> None:
    path = catalogue_path(folders[1], "nb")
    again = f'\n# {DRAFT.note()}\nmsgctxt "ui/skip"\nmsgid "Skip"\nmsgstr "Hopp"\n'
    path.write_text(path.read_text() + again)
    assert "2 times" in only(findings(folders))


def test_headers_that_are_wrong_are_found(folders: tuple[Path, Path]) -> None:
    assert "Language" in only(changed(folders, "Language: nb", "Language: nn"))
    update(folders[1])
    assert "Plural-Forms" in only(changed(folders, "nplurals=2", "nplurals=3"))


def test_a_broken_catalogue_is_found(folders: tuple[Path, Path]) -> None:
    catalogue_path(folders[1], "nb").write_text("<<<<<<< HEAD\n")
    assert "messages.po:1" in only(findings(folders))


def test_an_answer_that_is_a_command_in_any_language_is_found(folders: tuple[Path, Path]) -> None:
    assert "the command stop (nb)" in only(changed(folders, '"Det var bra"', '"Stans."'))
    assert "the command help (en)" in only(changed(folders, '"Stans."', '"Assist"'))


def test_an_answer_in_the_source_that_is_a_command_is_found(folders: tuple[Path, Path]) -> None:
    (folders[0] / "visit.yaml").write_text(SCRIPT.replace("It was bad", "Bistand"))
    extract(*folders, wording=WORDING)
    update(folders[1])
    assert any("the command help (nb)" in found.what and found.language == "en" for found in findings(folders))


def test_a_word_for_two_commands_is_found(folders: tuple[Path, Path]) -> None:
    assert 'The word "hjelp"' in only(changed(folders, 'msgstr "stans"', 'msgstr "stans، Hjelp"'))


def test_answers_that_read_the_same_are_found(folders: tuple[Path, Path]) -> None:
    assert "visit/how/good" in only(changed(folders, '"Det var dårlig"', '"Det var bra."'))


def test_a_template_that_cannot_be_read_is_found(folders: tuple[Path, Path]) -> None:
    (folders[1] / TEMPLATE).write_text("broken\n")
    assert "version control" in only(findings(folders))


def test_texts_of_staff_are_wanted_where_there_are_some(tmp_path: Path) -> None:
    """A language can be there for participants alone; it is not there for staff by half."""
    scripts, folder = tmp_path / "scripts", tmp_path / "locales"
    scripts.mkdir()
    wording = {"ui/skip": "Skip", "staff/seen": "Seen", "staff/asked": "Asked for"}
    extract(scripts, folder, wording=wording)
    update(folder, ["nb"])
    put(folder, "nb", {"ui/skip": "Hopp over"}, DRAFT)
    assert check(scripts, folder, wording=wording) == []
    put(folder, "nb", {"staff/seen": "Sett"}, DRAFT)
    (found,) = check(scripts, folder, wording=wording)
    assert found.context == "staff/asked"
    assert found.severe
