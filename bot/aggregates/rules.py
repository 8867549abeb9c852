"""Rules: what of a count may be seen. Pure.

* Behind every number are at least ten participants and three specialists.
* Counts are rounded to five; a share of a whole is said in words.
* What is hidden may be nobody, for all that anyone can reckon from what is shown beside it. Where a whole would give it
  away, none of the parts is shown.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from fractions import Fraction
from typing import Literal, NamedTuple, TypeVar

FEWEST_PEOPLE = 10
FEWEST_SPECIALISTS = 3
FEWEST_OF_BOTH = 20
"""People behind a language, and behind a topic, before the two are looked at together."""
STEP = 5

Band = Literal["few", "quarter", "half", "three_quarters", "most"]
_BANDS: tuple[tuple[Fraction, Band], ...] = (
    (Fraction(1, 8), "few"),
    (Fraction(3, 8), "quarter"),
    (Fraction(5, 8), "half"),
    (Fraction(7, 8), "three_quarters"),
    (Fraction(2), "most"),
)
_Key = TypeVar("_Key")


class Behind(NamedTuple):
    """How many participants, and specialists who accompany them, stand behind a number."""

    people: int
    specialists: int

    @property
    def enough(self) -> bool:
        """Whether the number may be seen at all."""
        return self.people >= FEWEST_PEOPLE and self.specialists >= FEWEST_SPECIALISTS


NOBODY = Behind(0, 0)


class Between(NamedTuple):
    """What a reader knows of a count: it is one of these two, or lies between them."""

    least: int
    most: int


def rounded(count: int) -> int:
    """To the nearest five."""
    return (count + STEP // 2) // STEP * STEP


def meant(shown: int, fewest: int = FEWEST_PEOPLE) -> Between:
    """What a number that is shown can stand for, when fewer than ``fewest`` would not be shown."""
    return Between(max(shown - STEP // 2, fewest), shown + STEP // 2)


def band(part: int, whole: int) -> Band:
    """What share of a whole a part is. Nothing at all and all of it are no bands of their own."""
    share = Fraction(part, whole)
    return next(name for below, name in _BANDS if share < below)


def seen(cells: Mapping[_Key, Behind]) -> dict[_Key, int]:
    """What may be seen of counts that are no parts of anything: whoever is in one may be in another, as with topics."""
    return {key: rounded(cell.people) for key, cell in cells.items() if cell.enough}


def parts(cells: Mapping[_Key, Behind], whole: Between, hide: Container[_Key] = ()) -> dict[_Key, int]:
    """What may be seen of parts of a whole of which a reader knows so much. ``hide`` are parts that may not be seen in
    any case."""
    shown = {key: n for key, n in seen(cells).items() if key not in hide}
    hidden = len(cells) - len(shown)
    return shown if not hidden or _may_be_nobody(hidden, _rest(whole, shown.values())) else {}


def _rest(whole: Between, shown: Iterable[int]) -> Between:
    """What a reader knows of all hidden parts together."""
    known = [meant(n) for n in shown]
    return Between(whole.least - sum(n.most for n in known), whole.most - sum(n.least for n in known))


def _may_be_nobody(hidden: int, rest: Between) -> bool:
    """Whether each hidden part may be nobody, and as many as a rounded number leaves open: the others have room for
    the rest. That each is below ten is what a reader has to suppose."""
    return rest.least <= (FEWEST_PEOPLE - 1) * (hidden - 1) and rest.most >= STEP - 1
