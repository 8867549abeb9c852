"""Players: who answers when a script is tried out over days: somebody at the keyboard, nobody, or made-up answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.messages import Outbound

Answer = Literal["none", "all", "some"]
"""Which check-ins are answered without a person: none, all, or every second one from the first on."""


class Player(Protocol):
    """Somebody who sees what comes."""

    @property
    def how(self) -> str:
        """What whoever looks on has to know about the answers."""
        ...

    def begins(self) -> None:
        """A new check-in has come."""
        ...

    def reply(self, waiting: Outbound) -> str | None:
        """What is typed below this message; None to leave it alone. Raises KeyboardInterrupt."""
        ...


@dataclass
class AtTheKeyboard:
    """A person. Enter alone leaves a thing alone; when the input ends, so is everything that comes after."""

    read: Callable[[str], str]
    write: Callable[[str], None]
    _is_gone: bool = False

    @property
    def how(self) -> str:
        """Which keys do what."""
        return (
            "Type a number or words, or one of the words in [ ]. Enter leaves it alone, and time passes.\n"
            "After Ctrl-D nothing more is answered. Ctrl-C ends it."
        )

    def begins(self) -> None:
        """They see it themselves."""

    def reply(self, waiting: Outbound) -> str | None:
        """Whatever they type."""
        if self._is_gone:
            return None
        try:
            return self.read("> ").strip() or None
        except EOFError:
            self._is_gone = True
            self.write("")
            return None


@dataclass
class MadeUp:
    """Answers that are the same each time: the next to last point of a scale, the first of other answers, and no words
    of one's own. All that can be shared is."""

    answer: Answer
    write: Callable[[str], None]
    _begun: int = 0
    _asked: set[tuple[int, str]] = field(default_factory=set)

    @property
    def how(self) -> str:
        """How much of it is answered."""
        return {
            "none": "Nothing is answered.",
            "all": "Everything is answered, always in the same way.",
            "some": "Every second check-in is answered, always in the same way.",
        }[self.answer]

    def begins(self) -> None:
        """Every second one may be left alone."""
        self._begun += 1

    def reply(self, waiting: Outbound) -> str | None:
        """The same question is answered once: what comes again is left alone."""
        is_left_alone = self.answer == "none" or (self.answer == "some" and self._begun % 2 == 0)
        asked = (waiting.conversation, waiting.step)
        typed = None if is_left_alone or asked in self._asked else _answer_to(waiting)
        self._asked.add(asked)
        if typed is not None:
            self.write(f"> {typed}")
        return typed


def _answer_to(waiting: Outbound) -> str | None:
    if waiting.scale:
        return waiting.buttons[-2].tap.choices[0]
    if waiting.buttons:
        return "1"
    return next((button.label for button in waiting.controls if button.tap.action == "skip"), None)
