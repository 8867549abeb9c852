"""Drawings: what stands under ``picture`` in a question: a drawing for each of some options, or faces on a scale."""

from __future__ import annotations

from collections.abc import Sequence

from dialogues.drawings import DRAWINGS, FACE, FACES
from dialogues.model import Scale
from dialogues.problems import did_you_mean
from dialogues.reading.nodes import Fields, Node, Scalar
from dialogues.reading.sheet import Sheet

KEY = "picture"


def read_drawings(sheet: Sheet, options: Sequence[Scalar]) -> dict[str, str]:
    """The drawings beside options: the option's name -> the drawing's."""
    node = sheet.node(KEY)
    if node is None:
        return {}
    if not isinstance(node, Fields):
        message = "The pictures of options belong here."
        sheet.findings.add("MV008", node.place, message, 'Write one on each line: "option: picture".')
        return {}
    known = [option.value for option in options]
    found: dict[str, str] = {}
    for name, value in node.pairs.values():
        drawing = _drawing(sheet, value)
        if known and name.value not in known:
            hint = did_you_mean(name.value, known, f"Possible here: {', '.join(known[:12])}.")
            sheet.findings.add("MV024", name.place, f'This question has no option "{name.value}".', hint)
        elif drawing:
            found[name.value] = drawing
    return found


def read_faces(sheet: Sheet, scale: Scale) -> bool:
    """Whether faces can stand beside the points of a scale."""
    wanted = bool(sheet.one_of(KEY, (FACES,), 'There is no picture "{}" for a scale.'))
    if wanted and len(scale.points) != len(FACE):
        message = "There are five faces, and each stands beside the words of a point."
        hint = 'Write "answer: scale 1 to 5" with five points, or delete the line.'
        sheet.findings.add("MV064", sheet.key_place(KEY), message, hint)
    return wanted


def _drawing(sheet: Sheet, value: Node) -> str:
    word = sheet.as_scalar(value, "Here stands one picture.")
    if word is None or word.value in DRAWINGS:
        return "" if word is None else word.value
    hint = did_you_mean(word.value, DRAWINGS, "docs/scripts.md lists those there are.")
    sheet.findings.add("MV020", word.place, f'There is no picture "{word.value}".', hint)
    return ""
