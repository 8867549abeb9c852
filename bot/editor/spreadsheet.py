"""Spreadsheet: the texts of a script in every language as XLSX, and what somebody changed in it.

A cell is a text, whatever it begins with: nothing in the file is ever a formula.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LARGEST = 1024 * 1024
"""Bytes of a file that somebody sends."""
LARGEST_INSIDE = 24 * 1024 * 1024
"""Bytes of it when it is unpacked."""
MOST_ROWS, MOST_COLUMNS = 5_000, 60

_CONTEXT, _WAS = "text", "was"
_STATE = "state"


class SheetRefused(ValueError):
    """A file that cannot be used. ``reason`` is one of ``large``, ``broken``, ``formula`` and ``headings``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Line:
    """One text: its wording, and what there is of it in other languages, with how far each has come."""

    context: str
    source: str
    texts: Mapping[str, str]
    states: Mapping[str, str]
    was: str = ""
    """What the wording was when the file was made, as a short fingerprint."""

    @property
    def is_reworded(self) -> bool:
        """Whether somebody changed the wording in the file."""
        return self.was != fingerprint(self.source)


def fingerprint(text: str) -> str:
    """A short one."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def write(lines: Sequence[Line], language: str, others: Sequence[str]) -> bytes:
    """The file."""
    import xlsxwriter

    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("texts")
        head = book.add_format({"bold": True})
        cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        titles = [_CONTEXT, _WAS, language, *(name for code in others for name in (code, f"{code} {_STATE}"))]
        sheet.write_row(0, 0, titles, head)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 1, 14, None, {"hidden": True})
        sheet.set_column(2, len(titles), 48)
        for number, line in enumerate(lines, 1):
            row = [line.context, fingerprint(line.source), line.source]
            row += [each for code in others for each in (line.texts.get(code, ""), line.states.get(code, ""))]
            for column, text in enumerate(row):
                sheet.write_string(number, column, text, cell)
    return target.getvalue()


def read(data: bytes, language: str) -> list[Line]:
    """The texts in a file. Raises SheetRefused."""
    rows = rows_of(data)
    titles = [str(cell or "").strip() for cell in next(rows, ())]
    if _CONTEXT not in titles or language not in titles or _WAS not in titles:
        raise SheetRefused("headings")
    others = [title for title in titles if f"{title} {_STATE}" in titles]
    return [line for row in rows if (line := _line(dict(zip(titles, row, strict=False)), language, others))]


def rows_of(data: bytes) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet in a file that may be anything. Raises SheetRefused."""
    _look_inside(data)
    yield from _rows(data)


def _line(row: Mapping[str, Any], language: str, others: Sequence[str]) -> Line | None:
    def text(name: str) -> str:
        value = row.get(name)
        return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n").strip()

    if not text(_CONTEXT):
        return None
    return Line(
        text(_CONTEXT),
        text(language),
        {code: text(code) for code in others},
        {code: text(f"{code} {_STATE}") for code in others},
        text(_WAS),
    )


def _look_inside(data: bytes) -> None:
    """A small file can hold a very large one."""
    if len(data) > LARGEST:
        raise SheetRefused("large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        raise SheetRefused("broken") from None
    if sum(each.file_size for each in inside) > LARGEST_INSIDE or len(inside) > 500:
        raise SheetRefused("large")


def _rows(data: bytes) -> Iterator[tuple[Any, ...]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book["texts"] if "texts" in book.sheetnames else book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS)):
            if number > MOST_ROWS:
                raise SheetRefused("large")
            if any(cell.data_type == "f" for cell in row):
                raise SheetRefused("formula")
            yield tuple(cell.value for cell in row)
    except SheetRefused:
        raise
    except Exception:
        raise SheetRefused("broken") from None
