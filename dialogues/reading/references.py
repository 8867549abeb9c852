"""References: what one step says about another, found by name and checked.

A step can look back only. What it names is an earlier question of the same dialogue, or something remembered from an
earlier conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogues.model import AnswerKind, Ask
from dialogues.problems import Findings, Place, did_you_mean
from dialogues.reading.nodes import Scalar
from dialogues.reading.sheet import Sheet
from dialogues.reading.steps import Draft


@dataclass(frozen=True, slots=True)
class Found:
    """The question that a name stands for. ``id`` is its key, or the local name of something remembered; ``ask`` is
    None when the remembered dialogue is not at hand."""

    id: str
    ask: Ask | None
    remembered: bool = False


class References:
    """The names that the steps of one dialogue can use."""

    def __init__(
        self, dialogue: str, drafts: Sequence[Draft], remembered: Mapping[str, Ask | None], findings: Findings
    ) -> None:
        self.findings = findings
        self.used: set[str] = set()
        """What is remembered and was looked up."""
        self._dialogue = dialogue
        self._drafts = drafts
        self._remembered = remembered
        self._position = {draft.name.value: number for number, draft in enumerate(drafts)}

    def knows(self, name: str) -> bool:
        """Whether a step, or something remembered, has this name."""
        return name in self._position or name in self._remembered

    def remembers(self, name: str) -> bool:
        """Whether this name stands for an answer of an earlier conversation."""
        return name in self._remembered

    def names(self, here: int) -> list[str]:
        """What a step can name: the earlier questions, the nearest first, and what is remembered."""
        earlier = [draft.name.value for draft in reversed(self._drafts[:here]) if isinstance(draft.step, Ask)]
        return [*earlier, *self._remembered]

    def answer(self, name: str, place: Place, here: int) -> Found | None:
        """The one answer that a name stands for in a condition or a text of the step number ``here``."""
        if name in self._remembered:
            self.used.add(name)
            return Found(name, self._remembered[name], remembered=True)
        found = self._question(name, place, here)
        if found is not None and self.repeated(name):
            message = f'"{name}" is asked for each chosen option, so it has no single answer.'
            self.findings.add("MV028", place, message, "Use the question that the options were chosen in.")
            return None
        return found

    def earlier(self, word: Scalar, here: int) -> Found | None:
        """The question of this conversation that is offered, repeated for, or grouped by."""
        if word.value in self._remembered:
            message = f'"{word.value}" comes from an earlier conversation.'
            self.findings.add("MV021", word.place, message, "Name a question of this dialogue.")
            return None
        return self._question(word.value, word.place, here)

    def several(self, word: Scalar, key: str, here: int) -> str:
        """The key of the question whose chosen options ``key`` goes through, or ``""``."""
        found = self.earlier(word, here)
        if found is None or found.ask is None:
            return ""
        if self.repeated(word.value):
            message = f'"{word.value}" is itself asked for each chosen option.'
            self.findings.add("MV028", word.place, message, "Use the question that the options were chosen in.")
            return ""
        if found.ask.kind is not AnswerKind.ANY_OF:
            message = f'"{key}" needs a question with "answer: any of", and "{word.value}" is not one.'
            self.findings.add("MV036", word.place, message, "Name another question.")
            return ""
        return found.id

    def question(self, name: str) -> Ask | None:
        """The question of this dialogue that has this name, wherever it stands."""
        step = self._drafts[self._position[name]].step
        return step if isinstance(step, Ask) else None

    def sheet(self, name: str) -> Sheet:
        """The keys of a step. Raises KeyError for a step that could not be read."""
        sheet = self._drafts[self._position[name]].sheet
        if sheet is None:
            raise KeyError(name)
        return sheet

    def place(self, name: str) -> Place:
        """Where the name of a step stands."""
        return self._drafts[self._position[name]].name.place

    def repeated(self, name: str) -> bool:
        """Whether a step is played for each chosen option."""
        sheet = self._drafts[self._position[name]].sheet
        return sheet is not None and "for each" in sheet

    def _question(self, name: str, place: Place, here: int) -> Found | None:
        position = self._position.get(name)
        if position is None:
            earlier = "earlier " if here < len(self._drafts) else ""
            hint = did_you_mean(name, self.names(here), f"Only {earlier}questions of this dialogue can be named here.")
            self.findings.add("MV021", place, f'There is no {earlier}question called "{name}".', hint)
            return None
        draft = self._drafts[position]
        if draft.step is None and draft.runs is None:
            return None
        if position >= here:
            self._not_yet(name, place, position == here)
            return None
        if not isinstance(draft.step, Ask) or draft.step.kind is AnswerKind.OK:
            hint = did_you_mean(name, self.names(here), "Name a question that has an answer.")
            self.findings.add("MV027", place, f'"{name}" has no answer.', hint)
            return None
        return Found(f"{self._dialogue}/{name}", draft.step)

    def _not_yet(self, name: str, place: Place, itself: bool) -> None:
        if itself:
            self.findings.add("MV026", place, f'"{name}" is this step itself.', "Name an earlier question.")
            return
        line = self._drafts[self._position[name]].name.place.line
        message = f'"{name}" comes later, on line {line}.'
        self.findings.add("MV026", place, message, "Move this step below it, or name an earlier question.")
