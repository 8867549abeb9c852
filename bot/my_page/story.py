"""Story: what a person told of earlier work, each piece as it was told last."""

from __future__ import annotations

from collections.abc import Sequence

from bot.my_page.answered import Entry, entry
from bot.my_page.record import Record
from bot.my_page.words import OwnWords
from dialogues.model import Ask

WORK_STORY = "work_story"
"""The dialogue in which it is told."""


def story(record: Record, words: OwnWords) -> Sequence[Entry]:
    """In the order of the first telling. Questions without a label only lead through the dialogue."""
    told: dict[str, Entry] = {}
    for one in record.latest:
        published = record.published(one.conversation)
        step = published.script.by_key.get(one.given.question)
        if published.dialogue == WORK_STORY and isinstance(step, Ask) and (step.label or step.group_labels):
            found = entry(record, one, words)
            if found is not None:
                told[one.name] = found
    return tuple(told.values())
