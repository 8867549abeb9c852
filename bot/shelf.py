"""ScriptShelf: published scripts, ready to be played or worded, so that a turn reads none of them twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from sqlalchemy import Connection

from bot.catalogs.forms import MAN, NEUTRAL, WOMAN, all_in_form, has_variants
from dialogues.loader import load_bundle
from dialogues.model import AnswerKind, Ask, Script
from storage import scripts
from storage.scripts import ScriptVersion


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """One immutable version of a dialogue with its texts: language -> context -> text. Two that were read by
    themselves are not the same, so that one may be the key of a cache.

    ``texts`` are the neutral ones, which all staff read. ``formed`` has those for women and for men, by language and
    form, of the languages that have such words.
    """

    dialogue: str
    version: int
    script: Script
    texts: Mapping[str, Mapping[str, str]]
    formed: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def language_for(self, wished: str) -> str:
        """The wished language if this version has it, else the script's own: never some texts of each."""
        return wished if wished in self.texts else self.script.language

    def worded(self, language: str, form: str) -> Mapping[str, str]:
        """The texts in one language, for somebody who chose this form."""
        return self.formed.get((language, form)) or self.texts[language]

    def asks_only(self, tag: str) -> bool:
        """Whether every question of it has this tag."""
        asked = [step.tags for step in self.script.steps if isinstance(step, Ask) and step.kind is not AnswerKind.OK]
        return bool(asked) and all(tag in tags for tags in asked)


class ScriptShelf:
    """The versions used last, at most ``room`` of them. A version never changes, so nothing here goes stale.

    May be used from several threads: two that miss the same version at once both load it, and one of them stays.
    """

    def __init__(self, room: int = 128) -> None:
        self._room = room
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, int], Published] = OrderedDict()

    def get(self, conn: Connection, dialogue: str, version: int) -> Published:
        """One version. Raises KeyError when it was never published."""
        kept = self._taken(dialogue, version)
        if kept is not None:
            return kept
        return self._put(scripts.version(conn, dialogue, version))

    def latest(self, conn: Connection, dialogue: str) -> Published | None:
        """The version that new conversations use, or None before anything was published."""
        newest = scripts.latest_version(conn, dialogue)
        return None if newest is None else self.get(conn, dialogue, newest)

    def _taken(self, dialogue: str, version: int) -> Published | None:
        with self._lock:
            if (dialogue, version) in self._kept:
                self._kept.move_to_end((dialogue, version))
            return self._kept.get((dialogue, version))

    def _put(self, found: ScriptVersion) -> Published:
        published = Published(
            dialogue=found.dialogue,
            version=found.version,
            script=load_bundle(found.sources, found.dialogue),
            texts={language: all_in_form(texts, NEUTRAL) for language, texts in found.texts.items()},
            formed={
                (language, form): all_in_form(texts, form)
                for language, texts in found.texts.items()
                if has_variants(texts.values())
                for form in (WOMAN, MAN)
            },
        )
        with self._lock:
            kept = self._kept.setdefault((found.dialogue, found.version), published)
            if len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return kept
