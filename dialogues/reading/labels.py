"""Labels: what an answer is called where it is shared, and what stays private even under "share all"."""

from __future__ import annotations

from collections.abc import Iterator

from dialogues.model import OWN_WORDS
from dialogues.problems import did_you_mean
from dialogues.reading.nodes import Fields, Scalar
from dialogues.reading.options import Options, among
from dialogues.reading.sheet import Sheet, tidy

OWN_WORDS_KEY = "own words"
"""How the free text is written as a key of ``label``."""


def read_labels(sheet: Sheet, options: Options, own_words: bool) -> tuple[str, dict[str, str]]:
    """The label of the question, and those of its groups (one of the two is empty)."""
    node = sheet.node("label")
    if node is None:
        return "", {}
    grouped = "groups of" in sheet
    if isinstance(node, Fields) and grouped:
        return "", dict(_of_groups(sheet, node, options, own_words))
    if grouped:
        hint = 'Write one for each group on the next lines: "group: Text".'
        sheet.findings.add("MV038", node.place, "Each group needs its own label.", hint)
        return "", {}
    if isinstance(node, Fields):
        sheet.findings.add("MV038", node.place, "One text belongs here.", 'Write "label: Text" on one line.')
        return "", {}
    text = sheet.short(node)
    return tidy(text) if text else "", {}


def read_private(sheet: Sheet, options: Options) -> tuple[bool, frozenset[str]]:
    """Whether the whole question is private, or else which of its groups are."""
    node = sheet.node("private")
    groups = {group.value for group in options.groups}
    # A group may be called "no". Then "private: no" means that group: of two readings, the one that keeps more private.
    is_all_or_nothing = isinstance(node, Scalar) and node.value in ("yes", "no") and node.value not in groups - {"yes"}
    if node is None or "groups of" not in sheet or is_all_or_nothing:
        return sheet.yes("private"), frozenset()
    return False, among(sheet, "private", options.groups, "group")


def _of_groups(sheet: Sheet, node: Fields, options: Options, own_words: bool) -> Iterator[tuple[str, str]]:
    wanted = [*(group.value for group in options.groups), *([OWN_WORDS_KEY] if own_words else [])]
    for name, value in node.pairs.values():
        text = sheet.short(value)
        if name.value not in wanted:
            hint = did_you_mean(name.value, wanted, f"Possible here: {', '.join(wanted)}.")
            sheet.findings.add("MV038", name.place, f'"{name.value}" is not a group of this question.', hint)
        elif text is not None:
            yield OWN_WORDS if name.value == OWN_WORDS_KEY else name.value, tidy(text)
