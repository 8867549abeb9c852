"""Library: the other scripts of the folder, each read once when it is needed."""

from __future__ import annotations

from collections.abc import Mapping

from dialogues import meanings
from dialogues.model import Ask
from dialogues.reading.drafts import DialogueDraft, read_draft


class Library:
    """Scripts by the name of their dialogue. The one that is being checked stands in for an older text of its own."""

    def __init__(self, texts: Mapping[str, str], own: DialogueDraft) -> None:
        self._texts = texts
        self._read = {own.dialogue: own}

    @property
    def names(self) -> list[str]:
        """The dialogues there are."""
        return sorted({*self._texts, *self._read})

    def get(self, name: str) -> DialogueDraft | None:
        """One script, or None when there is none of that name."""
        if name not in self._read and name in self._texts:
            self._read[name] = read_draft(self._texts[name], f"{name}.yaml")
        return self._read.get(name)

    def all_run(self, name: str) -> set[str]:
        """A dialogue, the dialogues that it runs, those that they run, and so on."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            draft = self.get(current)
            if current not in found and draft is not None:
                found.add(current)
                waiting.extend(draft.runs())
        return found

    def topics(self) -> frozenset[str]:
        """What people can choose to be asked about, in any dialogue of the folder; nothing when none asks."""
        mention = [name for name, text in self._texts.items() if meanings.TOPICS in text]
        drafts = (self.get(name) for name in {*mention, *self._read})
        asked = (draft.step for each in drafts if each is not None for draft in each.steps)
        options = (
            option.name
            for step in asked
            if isinstance(step, Ask) and meanings.TOPICS in step.tags
            for option in step.options
        )
        return meanings.named_topics(options)

    def runs_again(self, name: str, what: str) -> bool:
        """Whether running ``what`` in the dialogue ``name`` would come back to ``name``."""
        return name in self.all_run(what)
