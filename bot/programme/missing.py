"""Missing: what keeps a programme from taking in new people. Those who are here already go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.programme.help_lines import HelpLine
from bot.programme.statements import Statements
from bot.roles import RoleCard
from dialogues.texts import fill


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that the operator has to see to. ``what`` is the end of its ``staff/enrol.`` context."""

    what: str
    name: str = ""
    """Of a help line."""

    def sentence(self, texts: Mapping[str, str], *, isolate: bool = True) -> str:
        """What it is, in the language of ``texts``. In a terminal names are not isolated for direction."""
        return fill(texts[f"staff/enrol.{self.what}"], {"line": self.name}, isolate)


def missing(
    statements: Statements, role_card: RoleCard | None, lines: tuple[HelpLine, ...], today: date
) -> Iterator[Missing]:
    """Everything that is missing on a day, in the order of the programme file."""
    if statements.no_consequence is None:
        yield Missing("no_consequence")
    if statements.not_monitored is None:
        yield Missing("not_monitored")
    if role_card is None:
        yield Missing("role_card")
    for line in lines:
        if line.checked is None:
            yield Missing("unchecked", line.name)
        elif not line.is_fresh(today):
            yield Missing("stale", line.name)


def told(found: Sequence[Missing], texts: Mapping[str, str]) -> str:
    """That nobody new can be added, and why, on several lines of a terminal."""
    sentences = (f"  {each.sentence(texts, isolate=False)}" for each in found)
    return "\n".join((texts["staff/enrol.closed"], texts["staff/enrol.missing"], *sentences))
