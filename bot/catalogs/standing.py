"""Standing: how far each language has come, for each of the gates that it has to pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.catalogs import po
from bot.catalogs.audience import is_for_staff
from bot.catalogs.catalogs import is_usable
from bot.catalogs.files import catalogue_path, languages_in, template_in
from bot.catalogs.language import SOURCE, language
from bot.catalogs.po import Entry
from bot.catalogs.safety import is_safety
from bot.catalogs.states import State, state_of
from bot.catalogs.variants import parent_of, read_whole

States = Mapping[State, int]
"""How many texts are in each state."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition, and the texts that it looks at. ``lacking`` are those that keep it closed."""

    states: States = field(default_factory=dict)
    lacking: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether nothing is in the way."""
        return not self.lacking

    @property
    def total(self) -> int:
        """How many texts it looks at."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a language has come. It is offered to ``participants`` when all is there that they read, and to ``staff``
    when the rest is there as well; where a programme allows no drafts, when its ``safety`` texts were reviewed."""

    code: str
    name: str
    participants: Gate
    staff: Gate
    safety: Gate
    parent: str = ""
    """The language that this one is a variant of."""
    own: int = 0
    """How many texts the catalogue itself holds."""

    @property
    def machine_drafts(self) -> int:
        """Texts that no person has read, as far as the catalogue says."""
        return self.participants.states.get(State.MACHINE_DRAFT, 0) + self.staff.states.get(State.MACHINE_DRAFT, 0)

    def __str__(self) -> str:
        variant = f": variant of {self.parent}, {self.own} texts of its own" if self.parent else ""
        return "\n".join(
            [
                f"{self.code}  {self.name}{variant}",
                f"    participants  {_verdict(self.participants)}: {_listed(self.participants.states)}",
                f"    staff         {_verdict(self.staff)}: {_listed(self.staff.states)}",
                f"    safety        {_verdict(self.safety)}: {_reviewed(self.safety)}",
                f"    {_drafted(self)}",
            ]
        )

    def as_json(self) -> dict[str, object]:
        """The same for machines."""
        gates = {"participants": self.participants, "staff": self.staff, "safety": self.safety}
        return {
            "language": self.code,
            "name": self.name,
            "variant_of": self.parent,
            "own_texts": self.own,
            "machine_drafts": self.machine_drafts,
            "gates": {
                name: {
                    "open": gate.is_open,
                    "texts": gate.total,
                    "states": {state.value: gate.states.get(state, 0) for state in State},
                    "lacking": list(gate.lacking),
                }
                for name, gate in gates.items()
            },
        }


def status(locales_folder: Path) -> list[Standing]:
    """How far each language has come. Raises PoBroken, and ValueError for a folder that is named for no language."""
    return [_standing(locales_folder, code) for code in languages_in(locales_folder) if code != SOURCE]


def _standing(locales_folder: Path, code: str) -> Standing:
    entries = list(read_whole(locales_folder, code).live)
    for_staff = [entry for entry in entries if is_for_staff(entry.context)]
    for_people = [entry for entry in entries if not is_for_staff(entry.context)]
    participants = _complete(for_people)
    staff = _complete(for_staff)
    return Standing(
        code,
        language(code).name,
        participants,
        Gate(staff.states, staff.lacking + participants.lacking),
        _signed([entry for entry in for_people if is_safety(entry.context)]),
        parent_of(locales_folder, code),
        sum(entry.filled for entry in po.read(catalogue_path(locales_folder, code)).live),
    )


def _complete(entries: Sequence[Entry]) -> Gate:
    return Gate(_states(entries), tuple(entry.context for entry in entries if not is_usable(entry)))


def _signed(entries: Sequence[Entry]) -> Gate:
    unsigned = (entry.context for entry in entries if state_of(entry) is not State.REVIEWED)
    return Gate(_states(entries), tuple(unsigned))


def _states(entries: Iterable[Entry]) -> States:
    return Counter(map(state_of, entries))


def _verdict(gate: Gate) -> str:
    return "open" if gate.is_open else "closed"


def _listed(states: States) -> str:
    total = sum(states.values())
    done = 100 * (total - states.get(State.MISSING, 0)) // total if total else 100
    parts = ", ".join(f"{states[state]} {state}" for state in State if states.get(state))
    return f"{done} % of {total} texts" + (f" ({parts})" if parts else "")


def _reviewed(gate: Gate) -> str:
    return f"{gate.states.get(State.REVIEWED, 0)} of {gate.total} safety texts reviewed"


def _drafted(standing: Standing) -> str:
    if not standing.machine_drafts:
        return "No text is a machine draft."
    return f"{standing.machine_drafts} texts are machine drafts: no native speaker has read them."


def markdown(locales_folder: Path) -> str:
    """The same as a page of the documentation. Raises as ``status`` does."""
    template = list(template_in(locales_folder).entries)
    staff = sum(is_for_staff(entry.context) for entry in template)
    safety = sum(is_safety(entry.context) and not is_for_staff(entry.context) for entry in template)
    rows = [_row(each) for each in status(locales_folder)]
    return _PAGE.format(people=len(template) - staff, staff=staff, safety=safety, rows="\n".join(rows))


def _row(one: Standing) -> str:
    own = f"; variant of `{one.parent}` with {one.own} texts of its own" if one.parent else ""
    both = Counter(one.participants.states) + Counter(one.staff.states)
    cells = [f"{one.name} (`{one.code}`{own})", _share(one.participants), _share(one.staff)]
    cells += [str(both.get(state, 0)) for state in State]
    return f"| {' | '.join([*cells, f'{one.safety.states.get(State.REVIEWED, 0)} of {one.safety.total}'])} |"


def _share(gate: Gate) -> str:
    return _listed(gate.states).partition(" of ")[0]


_PAGE = """\
# Languages

`medvind translate status --markdown` writes this page from the catalogues. The texts are written in English (`en`):
{people} that participants read, {safety} of which are safety texts, and {staff} that only staff read.
[Translation](translation.md) says what the states mean and when a language is offered.

A machine draft is what a program wrote: **no native speaker has read it.** A demo shows such texts as drafts, and a
programme that does not allow them offers a language only when its safety texts are reviewed.

| language | participants | staff | missing | machine draft | human draft | reviewed | outdated | safety reviewed |
|---|---|---|---|---|---|---|---|---|
{rows}
"""
