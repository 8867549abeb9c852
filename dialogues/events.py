"""Events: everything the engine can say has happened. A closed set; whoever handles them ends in ``assert_never``."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from dialogues.session import Answer, Outcome


class Line(Struct, frozen=True, gc=False):
    """One line of a share list: an answer, or the part of it that lies in one option group.

    ``name`` is the session's name of the answer; a part has ``group`` set. ``id`` (``name`` or ``name|group``) is
    what a person picks it by.
    """

    name: str
    group: str = ""
    private: bool = False

    @property
    def id(self) -> str:
        """What a person picks this line by."""
        return f"{self.name}|{self.group}" if self.group else self.name


class Reason(StrEnum):
    """Why an input could not be taken as an answer."""

    EMPTY = "empty"
    NOT_AN_OPTION = "not_an_option"
    SEVERAL_MATCH = "several_match"
    ONLY_ONE = "only_one"
    TOO_MANY = "too_many"
    ALONE = "alone"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_DATE = "not_a_date"
    TOO_LONG = "too_long"


class Said(Struct, frozen=True, gc=False):
    """A ``say`` step was played."""

    name: str


class Asked(Struct, frozen=True, gc=False):
    """A question waits for its answer. ``number`` of ``total`` counts questions, from 1. ``total`` changes when an
    answer opens or closes a follow-up. ``before`` is the answer that stands when the person came back to it;
    ``suggested`` one that can be taken as it is, where none stands."""

    name: str
    number: int
    total: int
    before: Answer | Outcome | None = None
    suggested: Answer | None = None


class Offered(Struct, frozen=True, gc=False):
    """A share step waits. With ``choosing`` the person picks among the lines, else between all, choose and keep."""

    name: str
    lines: tuple[Line, ...]
    choosing: bool = False


class Picked(Struct, frozen=True, gc=False):
    """Something was ticked or unticked, and the step waits as before. ``choices`` is all that is ticked now: names of
    options, or ids of lines while a share step is choosing."""

    name: str
    choices: tuple[str, ...]


class Answered(Struct, frozen=True, gc=False):
    """A question that waited was answered, or ended without an answer (``Outcome.SKIPPED`` or ``DOES_NOT_FIT``)."""

    name: str
    answer: Answer | Outcome


class Corrected(Struct, frozen=True, gc=False):
    """An earlier answer was replaced. ``answer`` is None when its question no longer belongs to the conversation
    because an earlier answer changed."""

    name: str
    before: Answer | Outcome
    answer: Answer | Outcome | None


class NotUnderstood(Struct, frozen=True, gc=False):
    """An input did not fit the question that waits; nothing changed. ``details`` fill the sentence for ``reason``:
    the limits that were passed, or the names of the options that matched."""

    name: str
    reason: Reason
    details: tuple[str, ...] = ()


class Shared(Struct, frozen=True, gc=False):
    """The person decided what may leave. ``lines`` is the whole truth for this share step: it replaces what the same
    step shared before, and empty means that everything was kept."""

    name: str
    lines: tuple[Line, ...]


class Closed(Struct, frozen=True, gc=False):
    """The conversation is over."""


Event = Said | Asked | Offered | Picked | Answered | Corrected | NotUnderstood | Shared | Closed
