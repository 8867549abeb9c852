"""Faults: what goes wrong between a bot and Telegram, on purpose, by count or by seeded chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

Kind = Literal["drop", "cut", "delay", "fail", "truncate", "double", "swap"]
ANY = "*"


@dataclass
class Fault:
    """One thing that goes wrong. It strikes the next ``times`` calls, or each with ``chance``, after ``after`` more."""

    kind: Kind
    method: str
    times: int
    chance: float
    after: int = 0
    status: int = 502
    seconds: float = 0.0
    struck: int = 0

    def strikes(self, random: Random) -> bool:
        """Whether it happens now."""
        if self.after > 0:
            self.after -= 1
            return False
        hit = random.random() < self.chance if self.chance else self.struck < self.times
        self.struck += hit
        return hit


class Faults:
    """Each fault is for one method ("*": for all) and strikes ``times`` calls, or every call with ``chance``;
    ``after`` lets that many pass before. ``withhold`` keeps all updates back for as long as it is set."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._faults: list[Fault] = []
        self._withhold = False
        self.resumed: Callable[[], None] = lambda: None
        """Called when updates are no longer withheld."""

    @property
    def withhold(self) -> bool:
        """Whether all updates are kept back."""
        return self._withhold

    @withhold.setter
    def withhold(self, yes: bool) -> None:
        self._withhold = yes
        if not yes:
            self.resumed()

    def drop(self, method: str = ANY, *, times: int = 1, chance: float = 0.0, after: int = 0) -> Fault:
        """The connection ends before anything was done."""
        return self._add(Fault("drop", method.lower(), times, chance, after))

    def cut(self, method: str = ANY, *, times: int = 1, chance: float = 0.0, after: int = 0) -> Fault:
        """It is done, and the connection ends without an answer."""
        return self._add(Fault("cut", method.lower(), times, chance, after))

    def delay(
        self, method: str = ANY, seconds: float = 60.0, *, times: int = 1, chance: float = 0.0, after: int = 0
    ) -> Fault:
        """It is done, and the answer comes this much later by the clock."""
        return self._add(Fault("delay", method.lower(), times, chance, after, seconds=seconds))

    def fail(
        self, method: str = ANY, status: int = 502, *, times: int = 1, chance: float = 0.0, after: int = 0
    ) -> Fault:
        """Nothing is done, and the answer is a page of HTML with this status."""
        return self._add(Fault("fail", method.lower(), times, chance, after, status=status))

    def truncate(self, method: str = ANY, *, times: int = 1, chance: float = 0.0, after: int = 0) -> Fault:
        """It is done, and only half of the answer's JSON comes."""
        return self._add(Fault("truncate", method.lower(), times, chance, after))

    def double(self, *, times: int = 1, chance: float = 0.0, after: int = 0) -> Fault:
        """An update comes once more after the bot confirmed it."""
        return self._add(Fault("double", ANY, times, chance, after))

    def swap(self, *, times: int = 1, chance: float = 0.0, after: int = 0) -> Fault:
        """A webhook gets a message or a tap only after the next update of the same person's other kind."""
        return self._add(Fault("swap", ANY, times, chance, after))

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._faults.clear()
        self.withhold = False

    def strike(self, method: str) -> Fault | None:
        """What happens to this call, if anything."""
        for fault in self._faults:
            if fault.kind not in ("double", "swap") and fault.method in (ANY, method) and fault.strikes(self._random):
                return fault
        return None

    def hits(self, kind: Literal["double", "swap"]) -> bool:
        """Whether this happens to an update now."""
        return any(fault.kind == kind and fault.strikes(self._random) for fault in self._faults)

    def _add(self, fault: Fault) -> Fault:
        self._faults.append(fault)
        return fault
