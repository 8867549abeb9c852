"""Table: texts in rows, as a CSV file or a spreadsheet that a translator can work in. A cell is never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.cells import FORMULA, as_csv
from bot.editor.spreadsheet import SheetRefused, rows_of

CONTEXT, ENGLISH, PLURAL, HINT, BEFORE, TEXT, STATE = (
    "context",
    "English",
    "English, several",
    "hint",
    "English before",
    "translation",
    "state",
)
ENDINGS = (".csv", ".xlsx")

_REASONS = {
    "large": "The file is too large to be read.",
    "broken": "The file cannot be read. Save it as .xlsx or as .csv with the encoding UTF-8.",
    "formula": "The file holds formulas. Replace them by the text that they show.",
    "headings": f"The file has no columns {CONTEXT}, {ENGLISH} and {TEXT}. Keep the first row as it was exported.",
}


class TableRefused(ValueError):
    """A file that cannot be used. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One text. ``texts`` is one text, or the forms of a plural in the order of the language's classes."""

    context: str
    source: tuple[str, ...]
    texts: tuple[str, ...]
    state: str = ""
    hint: str = ""
    before: tuple[str, ...] = ()


def write(path: Path, rows: Sequence[Row], classes: Sequence[str]) -> None:
    """Write a file; its ending says of which kind. Raises TableRefused for another one."""
    cells = [_titles(classes), *(_cells(row, classes) for row in rows)]
    if _ending(path) == ".csv":
        path.write_text(as_csv(cells), encoding="utf-8-sig", newline="")
    else:
        _write_sheet(path, cells)


def read(path: Path, classes: Sequence[str]) -> list[Row]:
    """The texts in a file. Raises TableRefused, and OSError where there is none."""
    data = path.read_bytes()
    try:
        cells = _csv_rows(data) if _ending(path) == ".csv" else (tuple(map(_said, row)) for row in rows_of(data))
        titles = next(cells, ())
        if not {CONTEXT, ENGLISH, TEXT} <= set(titles):
            raise SheetRefused("headings")
        named = (dict(zip(titles, row, strict=False)) for row in cells)
        return [_row(row, classes) for row in named if row.get(CONTEXT)]
    except (SheetRefused, UnicodeDecodeError, csv.Error) as wrong:
        raise TableRefused(_REASONS[wrong.reason if isinstance(wrong, SheetRefused) else "broken"]) from wrong


def _ending(path: Path) -> str:
    if path.suffix.lower() not in ENDINGS:
        raise TableRefused(f"{path.name}: the name has to end in {' or '.join(ENDINGS)}.")
    return path.suffix.lower()


def _titles(classes: Sequence[str]) -> list[str]:
    return [CONTEXT, ENGLISH, PLURAL, HINT, BEFORE, TEXT, *(f"{TEXT}: {name}" for name in classes), STATE]


def _cells(row: Row, classes: Sequence[str]) -> list[str]:
    plural = len(row.source) > 1
    forms = ["", *row.texts] if plural else [row.texts[0], *("" for _ in classes)]
    return [
        row.context,
        row.source[0],
        row.source[1] if plural else "",
        row.hint,
        "\n".join(row.before),
        *forms,
        row.state,
    ]


def _row(cells: dict[str, str], classes: Sequence[str]) -> Row:
    source = tuple(filter(None, (cells.get(ENGLISH, ""), cells.get(PLURAL, ""))))
    plural = bool(cells.get(PLURAL))
    texts = tuple(cells.get(f"{TEXT}: {name}", "") for name in classes) if plural else (cells.get(TEXT, ""),)
    return Row(cells[CONTEXT], source, texts, cells.get(STATE, "").lower())


def _csv_rows(data: bytes) -> Iterator[tuple[str, ...]]:
    """Programs write commas or semicolons, as their country does."""
    text = data.decode("utf-8-sig")
    signs = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(",") else ","
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=signs):
        yield tuple(map(_said, row))


def _said(cell: object) -> str:
    """What somebody means by a cell: without the sign that keeps a text from being a formula."""
    text = "" if cell is None else str(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _write_sheet(path: Path, cells: Sequence[Sequence[str]]) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("texts")
        head = book.add_format({"bold": True})
        cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(cells[0]) - 1, 40)
        for number, row in enumerate(cells):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, head if number == 0 else cell)
