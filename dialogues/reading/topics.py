"""Topics: what a person has to let us ask about before a step is played, or an option shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogues.problems import did_you_mean
from dialogues.reading.names import check_topic
from dialogues.reading.nodes import Fields, Scalar
from dialogues.reading.sheet import Sheet

KEY = "topic"
WHOLE = "ask"
"""Under this name stands the topic of the whole question, beside those of its options."""


@dataclass(frozen=True, slots=True)
class Topics:
    """The words under ``topic``: for the whole step, or for some of its options by name."""

    of_step: tuple[Scalar, ...] = ()
    of_options: tuple[tuple[str, Scalar], ...] = ()

    @property
    def words(self) -> tuple[Scalar, ...]:
        """All of them, as they stand in the file."""
        return (*self.of_step, *(word for _, word in self.of_options))


def read_topics(sheet: Sheet, options: Sequence[Scalar] = ()) -> Topics:
    """What stands under ``topic``. ``options`` are the names of those that can have a topic of their own."""
    node = sheet.node(KEY)
    if isinstance(node, Fields) and options:
        found = _of_options(sheet, node, [option.value for option in options])
        whole = tuple(word for name, word in found if name == WHOLE)
        return Topics(whole, tuple((name, word) for name, word in found if name != WHOLE))
    return Topics(tuple(word for word in sheet.words(KEY) if check_topic(word, sheet.findings)))


def _of_options(sheet: Sheet, node: Fields, known: list[str]) -> tuple[tuple[str, Scalar], ...]:
    if "groups of" in sheet:
        message = "Options in groups have no topics of their own."
        hint = "Write them at the question that the groups belong to."
        sheet.findings.add("MV008", node.place, message, hint)
        return ()
    found: list[tuple[str, Scalar]] = []
    for name, value in node.pairs.values():
        word = sheet.as_scalar(value, "Here stands one topic.")
        if name.value not in (WHOLE, *known):
            hint = did_you_mean(name.value, known, f"Possible here: {', '.join(known[:12])}.")
            sheet.findings.add("MV024", name.place, f'This question has no option "{name.value}".', hint)
        elif word is not None and check_topic(word, sheet.findings):
            found.append((name.value, word))
    return tuple(found)
