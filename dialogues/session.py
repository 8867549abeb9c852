"""Session: what has been done in one conversation and what it waits for. It is JSON between any two inputs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a step ended when it holds no answer."""

    SAID = "said"
    SKIPPED = "skipped"
    DOES_NOT_FIT = "does_not_fit"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered: option names and values, never labels, so that it reads the same in every language."""

    choices: tuple[str, ...] = ()
    number: int | float | None = None
    day: str = ""
    """An ISO 8601 date."""
    words: str = ""
    """Free text in the person's own words, as written."""
    voice: str = ""
    """The channel's reference to a recording."""

    def to_json(self) -> dict[str, Any]:
        """The fields that are set."""
        full = {
            "choices": list(self.choices),
            "number": self.number,
            "day": self.day,
            "words": self.words,
            "voice": self.voice,
        }
        return {name: value for name, value in full.items() if value not in ("", None, [])}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answer:
        """The inverse of ``to_json``."""
        return cls(**{**data, "choices": tuple(data.get("choices", ()))})


@dataclass(frozen=True, slots=True)
class Sharing:
    """How a share step ended: the names of the lines that may leave. Empty means that all was kept."""

    lines: tuple[str, ...] = ()


Record = Answer | Outcome | Sharing


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation. ``done`` is in the order of doing; ``waiting`` is the name of the step that waits, or ``""``
    when the conversation is closed; ``choosing`` says that a share step waits for the lines to be picked."""

    done: Mapping[str, Record] = field(default_factory=dict)
    waiting: str = ""
    choosing: bool = False
    remembered: Mapping[str, Answer] = field(default_factory=dict)
    resting: frozenset[str] = frozenset()
    """Keys of questions that were asked too recently to be asked again."""

    @property
    def closed(self) -> bool:
        """Whether nothing is left to ask."""
        return not self.waiting

    def to_json(self) -> str:
        """The session as JSON text."""
        data: dict[str, Any] = {
            "done": {name: _record_out(record) for name, record in self.done.items()},
            "waiting": self.waiting,
        }
        if self.choosing:
            data["choosing"] = True
        if self.remembered:
            data["remembered"] = {name: answer.to_json() for name, answer in self.remembered.items()}
        if self.resting:
            data["resting"] = sorted(self.resting)
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Session:
        """The inverse of ``to_json``."""
        data = json.loads(text)
        return cls(
            done={name: _record_in(record) for name, record in data["done"].items()},
            waiting=data["waiting"],
            choosing=data.get("choosing", False),
            remembered={name: Answer.from_json(answer) for name, answer in data.get("remembered", {}).items()},
            resting=frozenset(data.get("resting", ())),
        )


def _record_out(record: Record) -> Any:
    match record:
        case Outcome():
            return record.value
        case Sharing(lines):
            return {"shared": list(lines)}
        case Answer():
            return record.to_json()


def _record_in(data: Any) -> Record:
    if isinstance(data, str):
        return Outcome(data)
    if "shared" in data:
        return Sharing(tuple(data["shared"]))
    return Answer.from_json(data)
