"""Placeholders: what is filled in where a text of a script has ``{a_name}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogues.problems import Findings, Place, did_you_mean
from dialogues.reading.grammar import FILLED_IN, MONTH
from dialogues.reading.nodes import Scalar
from dialogues.reading.references import References

_BRACED = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Fill:
    """An answer that a step's text fills in, and where."""

    step: str
    question: str
    name: str
    place: Place


def read_main(text: Scalar, step: str, repeated: bool, references: References, here: int) -> Iterator[Fill]:
    """The answers that the main text of a step fills in; what cannot be filled in is reported."""
    _lone_braces(text, references.findings)
    own = _own(repeated)
    for name in _names(text):
        place = text.place_of(f"{{{name}}}")
        if name in own:
            continue
        if name in FILLED_IN or not references.knows(name):
            _unknown(name, place, [*own, *references.names(here)], references.findings)
        elif (found := references.answer(name, place, here)) is not None:
            yield Fill(step, found.id, name, place)


def read_short(text: Scalar, repeated: bool, references: References) -> None:
    """An option, a point or a label: it can be shared, so no answer may be filled in."""
    _lone_braces(text, references.findings)
    own = [name for name in _own(repeated) if name != MONTH]
    for name in _names(text):
        place = text.place_of(f"{{{name}}}")
        if name == MONTH or (name not in own and references.knows(name)):
            message = f'"{{{name}}}" is an answer, and this text can be shared.'
            references.findings.add("MV053", place, message, "Fill it in in the question instead.")
        elif name not in own:
            _unknown(name, place, own, references.findings)


def read_title(text: Scalar, findings: Findings) -> None:
    """A title stands in lists, where there is nobody to fill in."""
    _lone_braces(text, findings)
    for name in _names(text):
        message = f'I cannot fill in "{{{name}}}" in a title.'
        findings.add("MV009", text.place_of(f"{{{name}}}"), message, "Write the title without braces.")


def _own(repeated: bool) -> list[str]:
    return [name for name in FILLED_IN if repeated or name != "each"]


def _names(text: Scalar) -> list[str]:
    return [name for name in dict.fromkeys(_BRACED.findall(text.value)) if name.strip()]


def _unknown(name: str, place: Place, known: list[str], findings: Findings) -> None:
    hint = did_you_mean(name, known, f"Possible here: {', '.join(known[:12])}.")
    if name == "each":
        hint = 'It needs "for each:" in the same step.'
    findings.add("MV009", place, f'I cannot fill in "{{{name}}}".', hint)


def _lone_braces(text: Scalar, findings: Findings) -> None:
    rest = _BRACED.sub(lambda found: "" if found[1].strip() else found[0], text.value)
    lone = re.search(r"[{}]", rest)
    if lone is not None:
        place = text.place_of(_around(text.value, lone.group()))
        findings.add(
            "MV010", place, f"A {lone.group()} stands alone here.", 'Write a name between two braces: "{name}".'
        )


def _around(value: str, brace: str) -> str:
    """Enough of the text to find the brace that has no other half, rather than one that has."""
    whole = [(found.start(), found.end()) for found in _BRACED.finditer(value) if found[1].strip()]
    for place, letter in enumerate(value):
        if letter == brace and not any(start <= place < end for start, end in whole):
            end = value.find("\n", place)
            return value[place : end if end > 0 else len(value)].rstrip()
    return brace
