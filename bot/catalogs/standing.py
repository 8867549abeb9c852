"""Standing: how far each language has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.catalogs import po, states
from bot.catalogs.audience import is_for_staff
from bot.catalogs.files import catalogue_path, languages_in
from bot.catalogs.language import SOURCE, language
from bot.catalogs.safety import is_safety
from bot.catalogs.states import State


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a language has come: ``counts`` are the texts that participants read, ``staff`` those that only staff do.
    ``unreviewed`` are the safety texts that no reviewer has signed."""

    code: str
    name: str
    counts: Mapping[State, int] = field(default_factory=dict)
    staff: Mapping[State, int] = field(default_factory=dict)
    unreviewed: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether no text is missing that participants read."""
        return not self.counts.get(State.MISSING)

    def __str__(self) -> str:
        gate = f"; {len(self.unreviewed)} safety texts not reviewed" if self.unreviewed else ""
        return (
            f"{self.code}  {self.name}: for participants {_listed(self.counts)}{gate}; for staff {_listed(self.staff)}"
        )


def _listed(counts: Mapping[State, int]) -> str:
    total = sum(counts.values())
    done = 100 * (total - counts.get(State.MISSING, 0)) // total if total else 100
    states = ", ".join(f"{counts[state]} {state}" for state in State if counts.get(state))
    return f"{done} % of {total} texts ({states})"


def status(locales_folder: Path) -> list[Standing]:
    """How far each language has come. Raises PoBroken."""
    return [_standing(locales_folder, code) for code in languages_in(locales_folder) if code != SOURCE]


def _standing(locales_folder: Path, code: str) -> Standing:
    entries = list(po.read(catalogue_path(locales_folder, code)).live)
    states_of = {entry.context: states.state_of(entry) for entry in entries}
    unreviewed = tuple(c for c, state in states_of.items() if is_safety(c) and state is not State.REVIEWED)
    people, staff = (Counter(s for c, s in states_of.items() if is_for_staff(c) is both) for both in (False, True))
    return Standing(code, language(code).name, people, staff, unreviewed)
