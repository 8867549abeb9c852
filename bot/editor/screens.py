"""Screens: Medvind's own texts that participants read, outside of scripts: buttons, pages, short answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.catalogs.sources import Wording
from bot.editor.wordings import OF_SCREENS
from bot.wording import WORDING

GROUPS: Mapping[str, frozenset[str]] = {
    "talk": frozenset(),
    "page": frozenset({"page", "link", "language", "start", "absent", "audio", "picture"}),
    "menu": frozenset({"menu", "pause", "stop", "command", "remark"}),
    "sharing": frozenset({"share", "share_page", "agree", "agreed", "agreement", "role", "reply", "suggested"}),
    "me": frozenset({"me", "mydata", "delete"}),
    "help": frozenset({"help", "emergency"}),
    "messenger": frozenset({"messenger"}),
}
"""Where the texts stand -> how their names begin. Everything else stands in the conversation itself."""
_GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class ScreenText:
    """One of them. ``forms`` are one text, or singular and plural."""

    context: str
    forms: tuple[str, ...]
    group: str

    @property
    def source(self) -> str:
        """In one piece; of a plural, one form on a line."""
        return "\n".join(self.forms)


def screen_texts(wording: Wording = WORDING) -> Iterator[ScreenText]:
    """All of them, as they follow each other in the wording."""
    for context, text in wording.items():
        if context.startswith(OF_SCREENS):
            kind, dot, _ = context.removeprefix(OF_SCREENS).partition(".")
            yield ScreenText(
                context, (text,) if isinstance(text, str) else text, _GROUP_OF.get(kind if dot else "", "talk")
            )
