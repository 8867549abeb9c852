"""Report: what a translate command did, for the command line to print."""

from __future__ import annotations

from dataclasses import dataclass

from dialogues.problems import Problem


@dataclass(frozen=True, slots=True)
class Report:
    """What a command did. With ``problems`` it refused and wrote nothing."""

    name: str
    total: int = 0
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    """Contexts that had been gone and came back with their old translation."""
    problems: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        if self.problems:
            return "\n".join([*map(str, self.problems), f"{self.name}: nothing was written."])
        kinds = {"new": self.added, "reworded": self.changed, "gone": self.gone, "back again": self.back}
        counts = ", ".join(f"{len(found)} {kind}" for kind, found in kinds.items() if found)
        return f"{self.name}: {self.total} texts" + (f" ({counts})" if counts else "")
