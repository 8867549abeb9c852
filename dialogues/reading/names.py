"""Names: the permanent marks of dialogues, steps and options."""

from __future__ import annotations

import re
import unicodedata

from dialogues.problems import Findings
from dialogues.reading.grammar import ALL_KEYS, NAME, OPTION_NAME, RESERVED, RESERVED_OPTIONS
from dialogues.reading.nodes import Scalar


def check_name(name: Scalar, what: str, findings: Findings) -> bool:
    """Whether a name may stand for a step, a dialogue or something remembered; if not, that is reported."""
    return _check(name, NAME, RESERVED, what, findings)


def check_option(name: Scalar, findings: Findings) -> bool:
    """Whether a name may stand for an option; if not, that is reported."""
    return _check(name, OPTION_NAME, RESERVED_OPTIONS, "an option", findings)


def check_topic(word: Scalar, findings: Findings) -> bool:
    """Whether a word may stand for a topic, which is an option of the question where people choose them; if not, that
    is reported."""
    return _check(word, OPTION_NAME, RESERVED_OPTIONS, "a topic", findings)


def _check(name: Scalar, form: re.Pattern[str], reserved: frozenset[str], what: str, findings: Findings) -> bool:
    if name.value in reserved:
        hint = "If the line is indented too far, move it." if name.value in ALL_KEYS else "Choose another name."
        message = f'"{name.value}" has a meaning of its own, so it cannot be the name of {what}.'
        findings.add("MV017", name.place, message, hint)
        return False
    if form.fullmatch(name.value):
        return True
    letters = (letter for letter in unicodedata.normalize("NFKD", name.value) if not unicodedata.combining(letter))
    plain = re.sub(r"[^a-z0-9]+", "_", "".join(letters).lower())[:60].strip("_")
    hint = (
        f'Write it like "{plain}".' if form.fullmatch(plain) else "Begin with a small letter; use a-z, 0-9 and _ only."
    )
    findings.add("MV016", name.place, f'"{name.value}" cannot be the name of {what}.', hint)
    return False
