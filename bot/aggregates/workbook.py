"""Workbook: the tables of a month as a file for a spreadsheet. Every cell is a text or a number, and none a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.aggregates.tables import Table, plain

_NO_LIVE_CELLS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTHS = (12, 32, 60, 24)
_LONGEST_NAME = 31
"""Letters that spreadsheets allow a sheet."""


def as_xlsx(
    month: str, head: Sequence[str], tables: Iterable[Table], about: tuple[str, Sequence[str]], made: datetime
) -> bytes:
    """The same lines as in ``as_csv``, and a second sheet of a title and sentences ``about`` them. Call in a thread."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {**_NO_LIVE_CELLS, "in_memory": True}) as book:
        book.set_properties({"created": made.replace(tzinfo=None), "title": month})
        sheet = book.add_worksheet(month)
        bold = book.add_format({"bold": True})
        for column, (title, width) in enumerate(zip(head, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, plain(title), bold)
        lines = [(month, table.title, *row) for table in tables for row in table.rows]
        for n, line in enumerate(lines, 1):
            for column, cell in enumerate(line):
                if column == len(line) - 1 and cell.isascii() and cell.isdecimal():
                    sheet.write_number(n, column, int(cell))
                else:
                    sheet.write_string(n, column, plain(cell))
        sheet.freeze_panes(1, 0)
        title, sentences = about
        said = book.add_worksheet(plain(title)[:_LONGEST_NAME])
        said.set_column(0, 0, 100)
        for n, sentence in enumerate(sentences):
            said.write_string(n, 0, plain(sentence))
    return file.getvalue()
