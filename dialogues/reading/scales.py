"""Scales: "scale 1 to 5" and the texts of its points or ends."""

from __future__ import annotations

import re

from dialogues.model import Scale
from dialogues.problems import Findings
from dialogues.reading.grammar import MOST_POINTS, SCALE_ENDS
from dialogues.reading.nodes import Items, Scalar
from dialogues.reading.sheet import Sheet, tidy

FORM = re.compile(r"scale (-?[0-9]{1,6}) to (-?[0-9]{1,6})")
Ends = tuple[int, int]


def ends_of(scale: re.Match[str], word: Scalar, findings: Findings) -> Ends | None:
    """The lowest and the highest point, or None when they cannot be a scale's."""
    low, high = int(scale[1]), int(scale[2])
    lowest, highest = SCALE_ENDS
    if low >= high:
        findings.add("MV032", word.place, "This scale does not go up.", "Write the smaller number first: scale 1 to 5.")
    elif low < lowest or high > highest:
        message = f"A scale lies between {lowest} and {highest}."
        findings.add("MV032", word.place, message, "Use other numbers, like scale 1 to 5.")
    elif high - low >= MOST_POINTS:
        message = f"This scale has {high - low + 1} points. At most {MOST_POINTS} can be told apart."
        findings.add("MV032", word.place, message, "Use fewer, like scale 1 to 5 or scale 0 to 10.")
    else:
        return low, high
    return None


def read_scale(sheet: Sheet, ends: Ends | None) -> Scale:
    """The scale with its texts; one whose ends are wrong counts as going from 0 to 100, so that reading can go on."""
    low, high = ends or SCALE_ENDS
    points = _points(sheet)
    if points is not None and ends and len(points) != high - low + 1:
        message = f"There are {len(points)} points, but the scale from {low} to {high} has {high - low + 1}."
        sheet.findings.add("MV033", sheet.key_place("points"), message, "Write one text for each number.")
    low_text, high_text = _end(sheet, "low"), _end(sheet, "high")
    if points is not None and ("low" in sheet or "high" in sheet):
        place = sheet.key_place("low" if "low" in sheet else "high")
        sheet.findings.add(
            "MV034", place, 'A scale with "points" needs no "low" and "high".', "Delete one or the other."
        )
    elif ("low" in sheet) != ("high" in sheet):
        have, missing = ("low", "high") if "low" in sheet else ("high", "low")
        message = f'"{have}" is here, but "{missing}" is not.'
        sheet.findings.add("MV034", sheet.key_place(have), message, "Add a line for it.")
    return Scale(low, high, tuple(points or ()), low_text, high_text)


def _points(sheet: Sheet) -> list[str] | None:
    node = sheet.node("points")
    if node is None:
        return None
    if not isinstance(node, Items):
        sheet.findings.add("MV008", node.place, "A list of texts belongs here.", "Begin each line with a dash.")
        return None
    found = [sheet.short(each) for each in node.items]
    return [tidy(each) if each else "" for each in found]


def _end(sheet: Sheet, key: str) -> str:
    node = sheet.node(key)
    text = None if node is None else sheet.short(node)
    return tidy(text) if text else ""
