"""Recordings: a folder of human voices that read texts of scripts out, found by language and context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.messages import Button, Outbound

KINDS = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg"}
"""How the files end, and what they are. Where a text has several, the first of these is played."""

OWN_OPTIONS = ("ui/yes", "ui/no", "ui/ok")
"""The options that are Medvind's own words. Everything else that is read out stands in a script."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """The recordings that were there when they were looked for, by language and context."""

    files: Mapping[tuple[str, str], Path] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Recordings:
        """Those of ``<language>/<context>.mp3`` and the like. Reads the folder, so it takes its time."""
        found: dict[tuple[str, str], Path] = {}
        for kind in KINDS:
            for path in sorted(folder.rglob(f"*{kind}")):
                language, _, context = path.relative_to(folder).with_suffix("").as_posix().partition("/")
                if context and path.is_file():
                    found.setdefault((language, context), path)
        return cls(found)

    def first(self, language: str, contexts: Iterable[str]) -> str:
        """The first of these contexts that has a recording in a language, or ""."""
        return next((context for context in contexts if (language, context) in self.files), "")


SILENCE = Recordings()
"""Nothing is recorded."""


def of_message(said: Outbound) -> Iterator[str]:
    """The contexts of a message's text: one, or none where its words are not those of its step."""
    if said.step and not _has_other_words(said):
        yield _key(said)


def _has_other_words(said: Outbound) -> bool:
    """Whether a share step has come to the choosing of lines, which has a text of Medvind's own. Where it began there,
    for those who chose to find everything ticked, it has the step's, and a button for none of it."""
    is_choosing = said.kind == "offered" and said.pick == "many"
    return is_choosing and not any(each.tap.action == "share_none" for each in said.controls)


def of_option(asked: Outbound, button: Button, own_words: Mapping[str, str]) -> Iterator[str]:
    """The contexts that an option's text may have, its own first. ``own_words`` are Medvind's own in its language."""
    if button.tap.action != "choose":
        return
    (option,) = button.tap.choices
    yield f"{_key(asked)}/{option}"
    if asked.scale and button == asked.buttons[0]:
        yield f"{_key(asked)}/low"
    if asked.scale and button == asked.buttons[-1]:
        yield f"{_key(asked)}/high"
    if own_words.get(f"ui/{option}") == button.label:
        yield f"ui/{option}"


def _key(message: Outbound) -> str:
    """A step that is asked for each of several things has one text."""
    return message.step.partition(":")[0]


def is_read_out(context: str) -> bool:
    """Whether a text of a script is a step's or an option's: titles and labels of lines are not read out."""
    return "/" in context and ".label" not in context
