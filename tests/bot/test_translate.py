"""A text's way into every language: nothing a translator did is lost, and nothing changes that did not change."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogs import po
from bot.catalogs.entering import put, review
from bot.catalogs.files import TEMPLATE, catalogue_path
from bot.catalogs.language import language
from bot.catalogs.po import Entry
from bot.catalogs.report import Report
from bot.catalogs.standing import markdown, status
from bot.catalogs.states import Mark, State, state_of
from bot.catalogs.translating import extract, update

SCRIPT = """\
dialogue: visit
title: A visit
language: en

steps:

  hello:
    say: |
      Hello {name}.
      It takes 2 minutes.

  how:
    ask: |
      How was it?
    answer: one of
    options:
      good: It was good
      bad: It was bad
      so_so: It was so-so
    label: Visit
"""
OTHER = """\
dialogue: other
language: nb

steps:

  takk:
    say: |
      Tusen takk.
"""
WORDING = {"ui/skip": "Skip", "ui/help.now": "Help now", "ui/left": ("{n} question", "{n} questions")}
DRAFT = Mark(State.MACHINE_DRAFT, "medvind drafts", date(2026, 11, 22))


class Folders:
    """A folder of scripts and one of locales, with the commands on them."""

    def __init__(self, root: Path) -> None:
        self.scripts, self.locales = root / "scripts", root / "locales"
        self.scripts.mkdir()
        self.write(SCRIPT)

    def write(self, text: str, name: str = "visit") -> None:
        (self.scripts / f"{name}.yaml").write_text(text, encoding="utf-8")

    def extract(self, wording: dict[str, str | tuple[str, str]] = WORDING, accept_renames: bool = False) -> Report:
        return extract(self.scripts, self.locales, wording=wording, accept_renames=accept_renames)

    def carry(self, *languages: str) -> None:
        """Extract and update."""
        assert not self.extract().problems
        update(self.locales, languages)

    def entry(self, context: str, code: str = "nb") -> Entry:
        (found,) = [e for e in po.read(catalogue_path(self.locales, code)).entries if e.context == context]
        return found

    def change(self, context: str, code: str = "nb", **changes: object) -> None:
        """What an editor of catalogue files does."""
        path = catalogue_path(self.locales, code)
        file = po.read(path)
        entries = tuple(replace(e, **changes) if e.context == context else e for e in file.entries)  # type: ignore[arg-type]
        path.write_text(po.dump(replace(file, entries=entries)), encoding="utf-8")

    def bytes(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(self.locales.rglob("*")) if path.is_file()}


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def test_every_text_is_extracted_with_its_context_in_script_order(folders: Folders) -> None:
    folders.write(OTHER.replace("language: nb", "language: en"), "other")
    report = folders.extract()
    template = po.read(folders.locales / TEMPLATE)
    assert [entry.context for entry in template.entries] == [
        "other/takk",
        "visit.title",
        "visit/hello",
        "visit/how",
        "visit/how/good",
        "visit/how/bad",
        "visit/how/so_so",
        "visit/how.label",
        "ui/help.now",
        "ui/left",
        "ui/skip",
    ]
    assert report.total == len(report.added) == 11
    by_context = {entry.context: entry for entry in template.entries}
    assert by_context["visit/how/good"].source == ("It was good",)
    assert by_context["visit/how/good"].places == ("visit.yaml:17",)
    assert "How was it?" in by_context["visit/how/good"].hints[0]
    assert by_context["ui/left"].source == ("{n} question", "{n} questions")
    assert by_context["ui/left"].places == ("ui/left",)


def test_running_it_again_changes_no_byte(folders: Folders) -> None:
    folders.carry("nb", "ar")
    put(folders.locales, "nb", {"ui/skip": "Hopp over", "visit/how": "Hvordan\nvar det?"}, DRAFT)
    folders.carry()
    before = folders.bytes()
    folders.carry()
    assert folders.bytes() == before


def test_a_renamed_step_is_refused_and_nothing_is_written(folders: Folders) -> None:
    folders.carry("nb")
    before = folders.bytes()
    folders.write(SCRIPT.replace("  how:", "  how_was_it:"))
    report = folders.extract()
    assert report.problems
    assert "how" in str(report)
    assert folders.bytes() == before
    accepted = folders.extract(accept_renames=True)
    assert not accepted.problems
    assert "visit/how" in accepted.gone
    assert "visit/how_was_it" in accepted.added


def test_a_script_that_cannot_be_read_is_refused(folders: Folders) -> None:
    folders.carry("nb")
    before = folders.bytes()
    folders.write(SCRIPT.replace("answer: one of", "answer: one off"))
    assert "visit.yaml:15" in str(folders.extract())
    assert folders.bytes() == before


def test_a_reworded_text_keeps_its_translation_as_outdated(folders: Folders) -> None:
    folders.carry("nb")
    put(folders.locales, "nb", {"visit/how/good": "Det var bra"}, DRAFT)
    folders.write(SCRIPT.replace("It was good", "It was really good"))
    folders.carry()
    entry = folders.entry("visit/how/good")
    assert entry.texts == ("Det var bra",)
    assert entry.flags == ("fuzzy",)
    assert entry.previous == ("It was good",)
    assert entry.source == ("It was really good",)
    assert state_of(entry) is State.OUTDATED

    folders.write(SCRIPT.replace("It was good", "It was very good"))
    folders.carry()
    assert folders.entry("visit/how/good").previous == ("It was good",), "what the translation was made for"

    folders.write(SCRIPT)
    folders.carry()
    assert state_of(folders.entry("visit/how/good")) is State.MACHINE_DRAFT, "the rewording was taken back"


def test_a_new_text_never_takes_the_translation_of_one_that_reads_alike(folders: Folders) -> None:
    folders.carry("nb")
    put(folders.locales, "nb", {"visit/how/good": "Det var bra"}, DRAFT)
    folders.write(SCRIPT.replace("      bad: It was bad\n", "      bad: It was bad\n      fine: It was good, too\n"))
    folders.carry()
    assert folders.entry("visit/how/fine").texts == ("",)


def test_a_text_that_is_gone_comes_back_with_its_translation(folders: Folders) -> None:
    folders.carry("nb")
    put(folders.locales, "nb", {"visit/how/bad": "Det var dårlig"}, DRAFT)
    folders.write(SCRIPT.replace("      bad: It was bad\n", ""))
    folders.carry()
    assert folders.entry("visit/how/bad").obsolete
    folders.write(SCRIPT)
    folders.carry()
    entry = folders.entry("visit/how/bad")
    assert not entry.obsolete
    assert entry.texts == ("Det var dårlig",)
    assert state_of(entry) is State.MACHINE_DRAFT


def test_a_blank_never_erases(folders: Folders) -> None:
    folders.carry("nb")
    put(folders.locales, "nb", {"ui/skip": "Hopp over"}, DRAFT)
    put(folders.locales, "nb", {"ui/skip": " "}, replace(DRAFT, by="somebody"))
    assert folders.entry("ui/skip").texts == ("Hopp over",)
    path = catalogue_path(folders.locales, "nb")
    path.write_text(path.read_text() + '\nmsgctxt "ui/skip"\nmsgid "Skip"\nmsgstr ""\n')
    folders.carry()
    assert folders.entry("ui/skip").texts == ("Hopp over",)


def test_comments_of_others_and_their_headers_stay(folders: Folders) -> None:
    folders.carry("nb")
    path = catalogue_path(folders.locales, "nb")
    text = path.read_text().replace('"Language: nb\\n"', '"Language: nb\\n"\n"Last-Translator: Kari\\n"')
    path.write_text("# Ask Kari first.\n" + text)
    folders.change("ui/skip", notes=("I am not sure", "state: machine draft, by medvind drafts, 2026-11-22"))
    folders.carry()
    assert folders.entry("ui/skip").notes[0] == "I am not sure"
    assert po.read(path).header["Last-Translator"] == "Kari"
    assert po.read(path).notes == ("Ask Kari first.",)


def test_a_text_that_becomes_a_plural_keeps_its_words_as_outdated(folders: Folders) -> None:
    folders.carry("ar")
    put(folders.locales, "ar", {"ui/skip": "تخطي"}, DRAFT)
    extract(folders.scripts, folders.locales, wording={**WORDING, "ui/skip": ("Skip {n}", "Skip {n}")})
    update(folders.locales)
    entry = folders.entry("ui/skip", "ar")
    assert entry.texts == ("", "", "", "", "", "تخطي")
    assert "fuzzy" in entry.flags
    folders.carry()
    assert folders.entry("ui/skip", "ar").texts == ("تخطي",)


def test_forms_in_another_programs_order_are_put_in_order(folders: Folders) -> None:
    folders.carry("ar")
    theirs = "nplurals=6; plural=(n==0 ? 5 : n==1 ? 4 : n==2 ? 3 : n%100>=3 && n%100<=10 ? 2 : n%100>=11 ? 1 : 0);"
    folders.change("ui/left", "ar", texts=("other", "many", "few", "two", "one", "zero"))
    path = catalogue_path(folders.locales, "ar")
    path.write_text(path.read_text().replace(language("ar").plural_forms, theirs))
    folders.carry()
    assert folders.entry("ui/left", "ar").texts == ("zero", "one", "two", "few", "many", "other")


def test_a_script_in_another_language_is_not_translated_into_it(folders: Folders) -> None:
    (folders.scripts / "visit.yaml").unlink()
    folders.write(OTHER, "other")
    folders.carry("nb", "ar")
    assert folders.entry("other/takk", "ar").source == ("Tusen takk.",)
    assert "other/takk" not in catalogue_path(folders.locales, "nb").read_text()


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["ui/a", "ui/b", "ui/c"]),
        st.sampled_from(["remove", "put", "blank", "One", "Two", ("{n} one", "{n} ones")]),
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_no_sequence_of_changes_loses_a_translation(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, str | tuple[str, str]]]
) -> None:
    root = tmp_path_factory.mktemp("moves")
    wording: dict[str, str | tuple[str, str]] = {"ui/a": "One", "ui/b": "One"}
    written: dict[str, str] = {}
    for number, (context, move) in enumerate(moves):
        extract(root / "scripts", root / "locales", wording=wording)
        update(root / "locales", ["nb"])
        if move in ("put", "blank"):
            _write(root / "locales", context, "" if move == "blank" else f"Ord {number}", wording, written)
        elif move == "remove":
            wording.pop(context, None)
        else:
            wording[context] = move
    extract(root / "scripts", root / "locales", wording=wording)
    update(root / "locales", ["nb"])
    entries = po.read(catalogue_path(root / "locales", "nb")).entries
    kept = {entry.context: entry.texts[-1] for entry in entries if entry.filled or any(entry.texts)}
    assert kept == written
    assert len(entries) == len({entry.context for entry in entries})


def _write(
    locales: Path, context: str, text: str, wording: dict[str, str | tuple[str, str]], written: dict[str, str]
) -> None:
    if context in wording:
        put(locales, "nb", {context: text if isinstance(wording[context], str) else [text, text]}, DRAFT)
        written.update({context: text} if text else {})


def test_put_refuses_what_the_catalogue_does_not_have(folders: Folders) -> None:
    folders.carry("nb")
    before = folders.bytes()
    with pytest.raises(ValueError, match="ui/skipp"):
        put(folders.locales, "nb", {"ui/skip": "Hopp over", "ui/skipp": "Hopp over"}, DRAFT)
    with pytest.raises(ValueError, match="one, other"):
        put(folders.locales, "nb", {"ui/left": ["{n} spørsmål"]}, DRAFT)
    assert folders.bytes() == before


def test_a_review_holds_for_the_text_that_was_read(folders: Folders) -> None:
    folders.carry("nb")
    put(folders.locales, "nb", {"ui/skip": "Hopp over"}, DRAFT)
    review(folders.locales, "nb", ["ui/skip", "ui/help.now"], "Kari N.", date(2026, 12, 1))
    assert state_of(folders.entry("ui/skip")) is State.REVIEWED
    assert folders.entry("ui/help.now").notes == (), "there was nothing to read"
    folders.change("ui/skip", texts=("Hopp",))
    assert state_of(folders.entry("ui/skip")) is State.HUMAN_DRAFT


def test_a_review_that_was_written_by_hand_is_sealed_by_update(folders: Folders) -> None:
    folders.carry("nb")
    folders.change("ui/skip", texts=("Hopp over",), notes=("state: reviewed, by Kari N., 2026-12-01",))
    folders.carry()
    assert ", seal " in folders.entry("ui/skip").notes[0]
    folders.change("ui/skip", texts=("Hopp",))
    assert state_of(folders.entry("ui/skip")) is State.HUMAN_DRAFT


@pytest.mark.parametrize(
    "note",
    [
        "",
        "state: reviewed",
        "state: reviewed, by Kari N., yesterday",
        "state: reviewed, by Kari N., 2026-02-30",
        "state: approved, by Kari N., 2026-12-01",
        "State: reviewed, by Kari N., 2026-12-01",
    ],
)
def test_a_text_without_a_readable_state_counts_as_a_machine_draft(note: str) -> None:
    notes = (note,) if note else ()
    assert state_of(Entry("ui/skip", ("Skip",), ("Hopp over",), notes=notes)) is State.MACHINE_DRAFT


def test_status_counts_states_and_safety_texts(folders: Folders) -> None:
    folders.carry("nb")
    put(folders.locales, "nb", {"ui/skip": "Hopp over", "ui/help.now": "Hjelp nå"}, DRAFT)
    (nb,) = status(folders.locales)
    assert nb.participants.states == {State.MISSING: 8, State.MACHINE_DRAFT: 2}
    assert "ui/left" in nb.participants.lacking
    assert nb.safety.lacking == ("ui/help.now",)
    assert "participants  closed: 20 % of 10 texts (8 missing, 2 machine draft)" in str(nb)
    assert "2 texts are machine drafts: no native speaker has read them." in str(nb)
    review(folders.locales, "nb", ["ui/help.now"], "Kari N.", date(2026, 12, 1))
    (nb,) = status(folders.locales)
    assert (nb.safety.is_open, nb.participants.is_open, nb.machine_drafts) == (True, False, 1)


def test_each_gate_has_its_own_texts(folders: Folders) -> None:
    """What only staff read keeps nobody from taking part; what people read has to be there for staff as well."""
    wording: dict[str, str | tuple[str, str]] = {"ui/skip": "Skip {n}", "staff/seen": "Seen"}
    (folders.scripts / "visit.yaml").unlink()
    assert not folders.extract(wording, accept_renames=True).problems
    update(folders.locales, ["nb"])
    put(folders.locales, "nb", {"ui/skip": "Hopp over {n}"}, DRAFT)
    (nb,) = status(folders.locales)
    assert (nb.participants.is_open, nb.staff.is_open) == (True, False)
    put(folders.locales, "nb", {"ui/skip": "Hopp over {m}", "staff/seen": "Sett"}, DRAFT)
    (nb,) = status(folders.locales)
    assert (nb.participants.lacking, nb.staff.lacking) == (("ui/skip",), ("ui/skip",)), "nothing fills {m} in"
    told = nb.as_json()
    assert json.loads(json.dumps(told)) == told
    assert told["gates"]["staff"]["states"]["machine draft"] == 1  # type: ignore[index]
    row = next(line for line in markdown(folders.locales).splitlines() if "`nb`" in line)
    assert row == "| norsk bokmål (`nb`) | 100 % | 100 % | 0 | 2 | 0 | 0 | 0 | 0 of 0 |"


def test_an_unknown_language_is_refused(folders: Folders) -> None:
    folders.extract()
    with pytest.raises(ValueError, match="xx"):
        update(folders.locales, ["xx"])
