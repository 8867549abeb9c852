"""Cells: rows of texts as lines of a CSV file that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for the beginning of a formula, also behind spaces."""


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """The rows as they are, each on a line of its own."""
    text = io.StringIO()
    csv.writer(text).writerows([plain(cell) for cell in row] for row in rows)
    return text.getvalue()


def plain(cell: str) -> str:
    """Without the invisible marks around names, which a spreadsheet would take along, and never a formula."""
    text = re.sub("[\u2066-\u2069]", "", cell).strip(" ")
    return f"'{text}" if text.startswith(FORMULA) else text
