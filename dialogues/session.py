"""Session: what has been done in one conversation and what it waits for. It is JSON between any two inputs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.json import Decoder, Encoder

from dialogues.meanings import ASK


class Outcome(StrEnum):
    """How a step ended when it holds no answer."""

    SAID = "said"
    SKIPPED = "skipped"
    DOES_NOT_FIT = "does_not_fit"


class Answer(Struct, frozen=True, gc=False, omit_defaults=True, tag_field="record", tag="answer"):
    """What a person answered: option names and values, never labels, so that it reads the same in every language."""

    choices: tuple[str, ...] = ()
    number: int | float | None = None
    day: str = ""
    """An ISO 8601 date."""
    words: str = ""
    """Free text in the person's own words, as written."""
    voice: str = ""
    """The channel's reference to a recording."""


class Sharing(Struct, frozen=True, gc=False, omit_defaults=True, tag_field="record", tag="sharing"):
    """How a share step ended: the names of the lines that may leave. Empty means that all was kept."""

    lines: tuple[str, ...] = ()
    anew: bool = False
    """One of its lines changed afterwards: what is left of it stands, and the step is asked anew."""


Record = Answer | Outcome | Sharing


class Session(Struct, frozen=True, gc=False, omit_defaults=True):
    """One conversation. ``done`` is in the order of doing; ``waiting`` is the name of the step that waits, or ``""``
    when the conversation is closed; ``choosing`` says that a share step waits for the lines to be picked."""

    done: Mapping[str, Record] = {}
    waiting: str = ""
    choosing: bool = False
    remembered: Mapping[str, Answer] = {}
    resting: frozenset[str] = frozenset()
    """Keys of questions that were asked too recently to be asked again, or whose turn it is not."""
    topics: frozenset[str] | None = None
    """What this person lets us ask about; None for everything."""
    sharing: str = ASK
    """How this person shares: ``ask``, ``ticked`` or ``keep`` (``dialogues.meanings``)."""
    suggested: Mapping[str, Answer] = {}
    """Answers that can be taken as they are, by the key of their question, each until its question is over."""
    returned: bool = False
    """Whether the person ever went back: only then can an answer come before others that were given already."""
    picked: tuple[str, ...] | None = None
    """What is ticked so far at the step that waits: names of options or ids of lines; None as long as that is the
    answer that stands, or nothing. It is forgotten as soon as the step is left in any way."""

    @property
    def closed(self) -> bool:
        """Whether nothing is left to ask."""
        return not self.waiting

    def to_json(self) -> bytes:
        """The session as JSON text."""
        return _ENCODER.encode(self)

    @classmethod
    def from_json(cls, text: bytes | str) -> Session:
        """The inverse of ``to_json``. Raises msgspec.ValidationError for anything else."""
        return _DECODER.decode(text)


_ENCODER = Encoder()
_DECODER = Decoder(Session)
