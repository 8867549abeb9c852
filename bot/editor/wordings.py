"""Wordings: the texts of scripts in every language, where what was written in the console lies over the files.

A translation belongs to one wording of its source. When the source is reworded, the old translation stays in use and
counts as outdated, so that nobody is thrown back to another language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.catalogs import Catalogs
from bot.catalogs.catalogs import fits
from bot.catalogs.drafts import Drafts
from bot.catalogs.po import FUZZY, Entry
from bot.catalogs.safety import is_safety
from bot.catalogs.sources import script_texts
from bot.catalogs.states import State, mark_of, state_of
from dialogues.model import Script, Share
from storage.script_texts import ScriptText
from storage.scripts import ScriptVersion

Texts = Mapping[str, str]
OF_SCREENS = "ui/"
"""What the contexts of Medvind's own texts for participants begin with."""


@dataclass(frozen=True, slots=True)
class Worded:
    """A text in one language. ``made_for`` is the wording of the source that it was made for, where that is another
    one than now; ``by`` is whoever wrote it, or their number if that was in the console."""

    text: str
    state: State
    made_for: str = ""
    by: str | int = ""
    day: date | None = None


_MISSING = Worded("", State.MISSING)


class Wordings:
    """The texts of scripts as they would be published now. It stands in the place of the catalogues there."""

    def __init__(
        self,
        catalogs: Catalogs,
        written: Iterable[ScriptText] = (),
        published: Iterable[ScriptVersion] = (),
        *,
        as_published: bool = False,
        drafts: Drafts | None = None,
    ) -> None:
        """``published`` are the versions in use. ``as_published``: what they have comes before anything newer.
        ``drafts`` have the languages that are not offered, and the texts of the screens in all of them."""
        self._catalogs = catalogs
        self._drafts = drafts
        self._as_published = as_published
        self._written: dict[tuple[str, str], dict[str, ScriptText]] = {}
        for each in written:
            known = self._written.setdefault((each.language, each.context), {})
            known.pop(each.source, None)  # The newest is the last.
            known[each.source] = each
        self._in_use: dict[tuple[str, str], tuple[str, str]] = {}
        for version in published:
            self._remember(version)
        self.languages = catalogs.languages
        """The languages that a person can choose."""
        others = drafts.languages if drafts else []
        self.known = (*self.languages, *(code for code in others if code not in self.languages))
        """Those, and the others that can be worked on."""

    def of(self, language: str, context: str, source: str) -> Worded:
        """The text for a wording of its source: the right one, else an outdated one, else nothing."""
        in_use = self._in_use.get((language, context))
        same = in_use is not None and in_use[0] == source
        if in_use is not None and same and self._as_published:
            return Worded(in_use[1], State.HUMAN_DRAFT)
        parent = self._parent(language)
        for code in filter(None, (language, parent)):
            if found := self._right(code, context, source):
                return found
        if in_use is not None and same:
            return Worded(in_use[1], State.HUMAN_DRAFT)
        written = [*self._written.get((language, context), {}).values()]
        found = self._outdated(in_use, written, self._in_file(language, context))
        return self.of(parent, context, source) if parent and not found.text else found

    def _right(self, language: str, context: str, source: str) -> Worded | None:
        """What was written for exactly this wording: in the console, else in the files."""
        written = self._written.get((language, context), {})
        if source in written:
            return _of_console(written[source])
        of_file = self._in_file(language, context)
        return of_file[1] if of_file is not None and of_file[0] == source else None

    def _in_file(self, language: str, context: str) -> tuple[str, Worded] | None:
        entry = self._catalogs.entry(language, context)
        if self._drafts is not None and (language not in self.languages or context.startswith(OF_SCREENS)):
            draft = self._drafts.of(language)
            entry = None if draft is None else draft.entries.get(context)
        return None if entry is None else _of_file(entry)

    def _parent(self, language: str) -> str:
        if language in self.languages or self._drafts is None:
            return self._catalogs.parent(language)
        draft = self._drafts.of(language)
        return "" if draft is None else draft.parent

    def written_texts(self, script: Script, language: str) -> Texts | None:
        """Every text of a script as a version is published, or None when the language lacks one or may not be used."""
        source = script_texts(script)
        if language == script.language:
            return source
        found = {context: self.of(language, context, text) for context, text in source.items()}
        if self._catalogs.parent(language) == script.language:
            own = Worded("", State.REVIEWED)
            found = {c: one if one.text else replace(own, text=source[c]) for c, one in found.items()}
        if not all(each.text and fits([each.text], [source[context]]) for context, each in found.items()):
            return None
        if not self._catalogs.allow_drafts and any(self._unsigned(script, context, found) for context in source):
            return None
        return {context: each.text for context, each in found.items()}

    def _unsigned(self, script: Script, context: str, found: Mapping[str, Worded]) -> bool:
        shares = isinstance(script.by_key.get(context), Share)
        if not (shares or is_safety(context)) or (self._as_published and self._is_in_use(context, found)):
            return False
        return found[context].state is not State.REVIEWED

    def _is_in_use(self, context: str, found: Mapping[str, Worded]) -> bool:
        return any(known == context and text == found[context].text for (_, known), (_, text) in self._in_use.items())

    def _remember(self, version: ScriptVersion) -> None:
        """A version does not say which language its script is written in; its source says it."""
        source = version.texts.get(_language(version), {})
        for language, texts in version.texts.items():
            for context, text in texts.items():
                if _is_own(version.dialogue, context) and context in source:
                    self._in_use[language, context] = source[context], text

    @staticmethod
    def _outdated(
        in_use: tuple[str, str] | None, written: list[ScriptText], of_file: tuple[str, Worded] | None
    ) -> Worded:
        """What is in use comes first, then what was written last, then what the files have."""
        if in_use is not None:
            return Worded(in_use[1], State.OUTDATED, in_use[0])
        if written:
            last = written[-1]
            return Worded(last.text, State.OUTDATED, last.source, last.staff_id, last.at.date())
        if of_file is not None:
            return Worded(of_file[1].text, State.OUTDATED, of_file[0], of_file[1].by, of_file[1].day)
        return _MISSING


def _of_console(given: ScriptText) -> Worded:
    return Worded(given.text, State(given.state), "", given.staff_id, given.at.date())


def _of_file(entry: Entry) -> tuple[str, Worded] | None:
    """The wording that an entry was made for, and its text; of a plural, one form on a line."""
    if not entry.filled:
        return None
    mark = mark_of(entry)
    by, day = (mark.by, mark.day) if mark else ("", None)
    if FUZZY not in entry.flags:
        return "\n".join(entry.source), Worded("\n".join(entry.texts), state_of(entry), "", by, day)
    made_for = "\n".join(entry.previous)
    return made_for, Worded("\n".join(entry.texts), mark.state if mark else State.MACHINE_DRAFT, "", by, day)


def _is_own(dialogue: str, context: str) -> bool:
    return context.startswith((f"{dialogue}/", f"{dialogue}."))


def _language(version: ScriptVersion) -> str:
    for line in version.sources.get(version.dialogue, "").split("\n"):
        if line.startswith("language:"):
            return line.partition(":")[2].partition("#")[0].strip().strip("\"'")
    return ""
