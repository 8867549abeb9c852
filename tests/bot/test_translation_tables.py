"""Texts go out to a table and come back: nothing is lost, and nothing wrong gets in."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from bot.catalogs import po
from bot.catalogs.carrying import Brought, carry_in, carry_out
from bot.catalogs.entering import put
from bot.catalogs.files import catalogue_path
from bot.catalogs.po import Entry
from bot.catalogs.states import Mark, State, mark_of, state_of
from bot.catalogs.table import TableRefused
from bot.catalogs.translating import extract, update

WORDING: dict[str, str | tuple[str, str]] = {
    "ui/command.help": "help",
    "ui/left": ("{n} question", "{n} questions"),
    "ui/minus": "-1 is less",
    "ui/separator": ", ",
    "ui/skip": "Skip",
    "ui/two": "Dear {name},\nhow are you?",
}
UK: dict[str, str | list[str]] = {
    "ui/command.help": "допомога",
    "ui/left": ["{n} питання", "{n} питання", "{n} питань", "{n} питання"],
    "ui/minus": "-1 менше",
    "ui/separator": ", ",
    "ui/skip": "Пропустити",
    "ui/two": "Вітаю, {name}.\nЯк справи?",
}
DAY = date(2026, 12, 3)
DRAFT = Mark(State.MACHINE_DRAFT, "medvind drafts", date(2026, 11, 22))
KINDS = ("csv", "xlsx")


class Tables:
    """A catalogue, and its table as somebody has it on their machine."""

    def __init__(self, root: Path, kind: str = "csv") -> None:
        self.root, self.locales, self.path = root, root / "locales", root / f"uk.{kind}"
        self.bring_up_to(WORDING)
        put(self.locales, "uk", UK, DRAFT)
        carry_out(self.locales, "uk", self.path)

    def bring_up_to(self, wording: dict[str, str | tuple[str, str]]) -> None:
        (self.root / "scripts").mkdir(exist_ok=True)
        extract(self.root / "scripts", self.locales, wording=wording)
        update(self.locales, ["uk"])

    def rows(self) -> list[list[str]]:
        if self.path.suffix == ".csv":
            lines = self.path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
            return list(csv.reader(lines, delimiter=";" if ";" in lines[0] else ","))
        sheet = openpyxl.load_workbook(self.path).worksheets[0]
        return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]

    def edit(self, change: Callable[[dict[str, str]], None]) -> None:
        """Let somebody work in the table, and save it."""
        head, *rows = self.rows()
        kept = [dict(zip(head, row, strict=True)) for row in rows]
        for row in kept:
            change(row)
        cells = [head, *([row[name] for name in head] for row in kept)]
        if self.path.suffix == ".csv":
            with self.path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=";").writerows(cells)
            return
        book = openpyxl.Workbook()
        for row_of_cells in cells:
            book.worksheets[0].append(row_of_cells)
        book.save(self.path)

    def set(self, context: str, **values: str) -> None:
        names = {"text": "translation", "few": "translation: few", "state": "state"}
        self.edit(
            lambda row: (
                row.update({names[name]: value for name, value in values.items()})
                if row["context"] == context
                else None
            )
        )

    def bring(self, reviewer: str = "") -> Brought:
        return carry_in(self.locales, "uk", self.path, by="Olena", reviewer=reviewer, day=DAY)

    def entry(self, context: str) -> Entry:
        return next(each for each in po.read(catalogue_path(self.locales, "uk")).live if each.context == context)

    def bytes(self) -> bytes:
        return catalogue_path(self.locales, "uk").read_bytes()


@pytest.fixture(params=KINDS)
def tables(tmp_path: Path, request: pytest.FixtureRequest) -> Tables:
    return Tables(tmp_path, request.param)


def test_what_nobody_touched_changes_no_byte(tables: Tables) -> None:
    """Nor does what a table cannot keep: the space behind a comma, and who wrote what, and when."""
    before = tables.bytes()
    assert tables.bring().report.changed == ()
    tables.edit(lambda row: None)
    assert tables.bring().report.changed == ()
    assert tables.bytes() == before


def test_a_changed_text_is_the_draft_of_whoever_brought_it(tables: Tables) -> None:
    tables.set("ui/skip", text="Далі")
    tables.set("ui/left", few="{n} запитання")
    assert set(tables.bring().report.changed) == {"ui/skip", "ui/left"}
    assert tables.entry("ui/skip").texts == ("Далі",)
    assert tables.entry("ui/left").texts == ("{n} питання", "{n} запитання", "{n} питань", "{n} питання")
    assert mark_of(tables.entry("ui/skip")) == Mark(State.HUMAN_DRAFT, "Olena", DAY)
    assert mark_of(tables.entry("ui/two")) == DRAFT


def test_a_blank_never_erases(tables: Tables) -> None:
    tables.edit(lambda row: row.update({name: "" for name in row if name.startswith(("translation", "state"))}))
    before = tables.bytes()
    assert tables.bring().report.changed == ()
    assert tables.bytes() == before


def test_one_mistake_and_nothing_is_written(tables: Tables) -> None:
    before = tables.bytes()
    tables.set("ui/skip", text="Далі")
    tables.set("ui/two", text="Вітаю, {nam}.\nЯк справи?")
    tables.set("ui/left", few="")
    brought = tables.bring()
    found = " ".join(map(str, brought.findings))
    assert "{name} is lost" in found
    assert "{nam} is not in the source" in found
    assert 'The form "few" is missing' in found
    assert "nothing was written" in str(brought)
    assert tables.bytes() == before


def test_a_review_wants_a_name_and_a_state_in_the_row(tables: Tables) -> None:
    tables.set("ui/skip", state="Reviewed")
    brought = tables.bring()
    assert (brought.unsigned, brought.report.changed) == (("ui/skip",), ())
    assert "--reviewer" in str(brought)
    assert tables.bring("Olena K.").report.changed == ("ui/skip",)
    assert state_of(tables.entry("ui/skip")) is State.REVIEWED
    mark = mark_of(tables.entry("ui/skip"))
    assert mark is not None
    assert (mark.by, mark.day) == ("Olena K.", DAY)
    assert state_of(tables.entry("ui/two")) is State.MACHINE_DRAFT, "it was not said to be reviewed"
    assert tables.bring("Somebody Else").report.changed == (), "what is signed stays signed"


def test_what_was_reworded_meanwhile_or_is_gone_is_left_out(tables: Tables) -> None:
    tables.set("ui/skip", text="Далі")
    tables.set("ui/two", text="Привіт, {name}.\nЯк справи?")
    tables.bring_up_to({**{c: t for c, t in WORDING.items() if c != "ui/two"}, "ui/skip": "Skip this question"})
    brought = tables.bring()
    assert (brought.behind, brought.unknown) == (("ui/skip",), ("ui/two",))
    assert brought.report.changed == ()
    assert "Export again" in str(brought)
    carry_out(tables.locales, "uk", tables.path)
    head, *rows = tables.rows()
    (row,) = [dict(zip(head, row, strict=True)) for row in rows if row[0] == "ui/skip"]
    assert (row["English before"], row["state"]) == ("Skip", "outdated")
    tables.set("ui/skip", text="Пропустити питання")
    assert tables.bring().report.changed == ("ui/skip",)
    assert state_of(tables.entry("ui/skip")) is State.HUMAN_DRAFT


def test_a_text_is_never_a_formula_on_the_way_out_or_back(tmp_path: Path) -> None:
    tables = Tables(tmp_path)
    head, *rows = tables.rows()
    (row,) = [dict(zip(head, row, strict=True)) for row in rows if row[0] == "ui/minus"]
    assert (row["English"], row["translation"]) == ("'-1 is less", "'-1 менше")
    (tmp_path / "sheet").mkdir()
    sheet = Tables(tmp_path / "sheet", "xlsx")
    assert all(cell.data_type != "f" for row in openpyxl.load_workbook(sheet.path).worksheets[0] for cell in row)
    book = openpyxl.load_workbook(sheet.path)
    book.worksheets[0]["F3"] = "=1+1"
    book.save(sheet.path)
    with pytest.raises(TableRefused, match="formulas"):
        sheet.bring()


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"one,two\n1,2\n", "no columns"),
        ("a.csv", b"\xff\xfe\x00", "UTF-8"),
        ("a.xlsx", b"PK no book", "cannot be read"),
        ("a.ods", b"", "end in .csv or .xlsx"),
    ],
)
def test_another_file_is_refused_with_what_to_do(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    tables = Tables(tmp_path)
    tables.path = tmp_path / name
    tables.path.write_bytes(data)
    with pytest.raises(TableRefused, match=says):
        tables.bring()


def test_a_variant_goes_out_whole_and_keeps_what_differs(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    locales, path = tmp_path / "locales", tmp_path / "dari.csv"
    extract(tmp_path / "scripts", locales, wording={"ui/skip": "Skip", "ui/help": "Help"})
    update(locales, ["fa"])
    update(locales, ["fa_AF"])
    put(locales, "fa", {"ui/skip": "رد شدن", "ui/help": "کمک"}, DRAFT)
    assert carry_out(locales, "fa_AF", path) == 2
    path.write_text(path.read_text(encoding="utf-8-sig").replace("رد شدن", "گذشتن"), encoding="utf-8")
    brought = carry_in(locales, "fa_AF", path, by="Farid", reviewer="", day=DAY)
    assert brought.report.changed == ("ui/skip",)
    assert [each.context for each in po.read(catalogue_path(locales, "fa_AF")).live] == ["ui/skip"]
