"""Library: every dialogue as it stands: what is in use, what is being written, and what the folder has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.catalogs.sources import opened_in
from storage import drafts, publications, scripts
from storage.drafts import Draft
from storage.scripts import ScriptVersion


@dataclass(frozen=True, slots=True)
class Current:
    """One dialogue. ``text`` is what a coordinator goes on writing at; ``library`` has it among the other dialogues as
    they are in use. ``folder`` is None where the folder has no such file."""

    dialogue: str
    text: str
    draft: Draft | None
    published: ScriptVersion | None
    folder: str | None
    library: Mapping[str, str]
    is_held: bool = False
    """Whether the version in use was published in the console, so that the folder does not change it."""

    @property
    def mark(self) -> str:
        """What the text is: ``r12`` for a revision of a draft, ``v3`` for a version, ``f`` for the folder's."""
        if self.draft is not None:
            return f"r{self.draft.revision}"
        return f"v{self.published.version}" if self.published is not None else "f"

    @property
    def revision(self) -> int:
        """Of the draft, 0 without one."""
        return 0 if self.draft is None else self.draft.revision

    @property
    def in_use(self) -> str:
        """The text of the version in use, or ""."""
        return "" if self.published is None else self.published.sources[self.dialogue]

    @property
    def folder_differs(self) -> bool:
        """Whether the folder has another text than the one in use, which it does not bring into use by itself."""
        return self.folder is not None and self.published is not None and self.folder != self.in_use


@dataclass(frozen=True, slots=True)
class Library:
    """All dialogues."""

    folder: Mapping[str, str]
    published: Mapping[str, ScriptVersion]
    drafts: Mapping[str, Draft]
    held: frozenset[str]
    closed: tuple[str, ...] = ()
    """Files of the folder that cannot be opened."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every dialogue, in order."""
        return tuple(sorted({*self.folder, *self.published, *self.drafts}))

    def in_use(self) -> dict[str, str]:
        """The texts of all dialogues as people meet them; of those that were never published, the folder's."""
        return {**self.folder, **{name: version.sources[name] for name, version in self.published.items()}}

    def current(self, dialogue: str) -> Current | None:
        """One of them, None where there is none of this name."""
        if dialogue not in self.names:
            return None
        draft, version, others = self.drafts.get(dialogue), self.published.get(dialogue), self.in_use()
        text = draft.text if draft is not None else others[dialogue]
        library = {**others, dialogue: text}
        return Current(
            dialogue, text, draft, version, self.folder.get(dialogue), library, is_held=dialogue in self.held
        )


def load(conn: Connection, folder: Path) -> Library:
    """All dialogues as they stand now."""
    published = {version.dialogue: version for version in scripts.all_latest(conn)}
    texts, closed = opened_in(folder)
    return Library(texts, published, drafts.all_drafts(conn), publications.held(conn), closed)


def text_at(conn: Connection, folder: Mapping[str, str], dialogue: str, mark: str) -> str | None:
    """The text that a mark stands for, None for one that never was."""
    kind, number = mark[:1], mark[1:]
    if mark == "f":
        return folder.get(dialogue, "")
    if kind not in ("r", "v") or not number.isdigit() or len(number) > 9:
        return None
    try:
        if kind == "r":
            return drafts.text_of(conn, dialogue, int(number))
        return scripts.version(conn, dialogue, int(number)).sources[dialogue]
    except KeyError:
        return None


def save(conn: Connection, current: Current, text: str, mark: str, staff_id: int, now: datetime) -> Draft | None:
    """The draft with a new text; None where the text was made from another one than stands there now."""
    if mark != current.mark:
        return None
    after = None if current.draft is None else current.draft.revision
    base = 0 if current.published is None else current.published.version
    return drafts.save(conn, current.dialogue, text, after=after, base=base, staff_id=staff_id, now=now)
