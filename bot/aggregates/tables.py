"""Tables: numbers with their words, as they stand on a page and in a file for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take for the beginning of a formula, in the wide form of East Asian letters too."""


class Row(NamedTuple):
    """What was counted, and its number or share in words."""

    label: str
    value: str


class Table(NamedTuple):
    """What belongs together. ``note`` says what was counted; without rows there were too few people."""

    title: str
    note: str
    rows: Sequence[Row] = ()


def as_csv(month: str, head: Sequence[str], tables: Iterable[Table]) -> str:
    """The same tables as lines of one file, of four columns that ``head`` names. No cell can be a formula."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(map(_dead, head))
    lines.writerows([_dead(cell) for cell in (month, table.title, *row)] for table in tables for row in table.rows)
    return text.getvalue()


def plain(cell: str) -> str:
    """On one line, without the invisible marks around names, which a spreadsheet would take along."""
    return " ".join(re.sub("[\u200e\u200f\u2066-\u2069\ufeff\x00-\x08]", "", cell).split())


def _dead(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = plain(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text
