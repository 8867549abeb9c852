"""Rows: texts beside their translations, each with how far it has come and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.catalogs import comparing
from bot.catalogs.language import Language
from bot.catalogs.lengths import too_long
from bot.catalogs.po import Entry
from bot.catalogs.safety import is_safety
from bot.catalogs.states import State
from bot.console.scripts import sentences
from bot.console.scripts.bench import Bench
from bot.digest.words import StaffWords
from bot.editor.screens import screen_texts
from bot.editor.wordings import Worded
from bot.recordings import Recordings
from dialogues.model import Audience, Script, Share
from dialogues.texts import texts_of
from storage.people import Staff
from storage.text_notes import TextNote

RECORDINGS = "/recordings"
"""Where staff listen to them."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text as its author wrote it. ``forms`` are one, or singular and plural; ``group`` says where it stands."""

    context: str
    forms: tuple[str, ...]
    safety: bool
    group: str = ""

    @property
    def source(self) -> str:
        """In one piece; of a plural, one form on a line."""
        return "\n".join(self.forms)


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed about a text, and why it was not taken; "" where it was."""

    context: str = ""
    text: str = ""
    note: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One text. ``remarks`` say what is odd about its translation; ``trouble`` why it was not taken."""

    context: str
    source: str
    text: str
    standing: State
    state: str
    made_for: str
    by: str
    date: str
    remarks: tuple[str, ...]
    safety: bool
    group: str
    forms: str
    """Of a plural: the names of its forms, which stand on a line each."""
    note: str
    note_by: str
    voice: str
    """Where a recording of it can be heard."""
    trouble: str = ""
    saved: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it wants a translation."""
        return self.standing in (State.MISSING, State.OUTDATED)

    @property
    def lines(self) -> int:
        """How much room its translation wants."""
        return max(sum(len(line) // 40 + 1 for line in text.split("\n")) for text in (self.source, self.text))


@dataclass(frozen=True, slots=True)
class Reading:
    """The texts of one language, for somebody who reads over them in ``words``."""

    found: Bench
    language: Language
    words: StaffWords
    notes: Mapping[str, TextNote]
    recordings: Recordings

    def worded(self, one: Text) -> Worded:
        """The translation."""
        return self.found.wordings.of(self.language.code, one.context, one.source)

    def row(self, one: Text, typed: Typed) -> Row:
        """A text with all there is to say about it. What was typed and not taken stays in its fields."""
        worded, note = self.worded(one), self.notes.get(one.context)
        mine = typed.context == one.context
        kept = mine and bool(typed.trouble)
        return Row(
            context=one.context,
            source=one.source,
            text=typed.text if kept else worded.text,
            standing=worded.state,
            state=sentences.state_text(worded.state, self.words),
            made_for=worded.made_for,
            by=self.found.by(worded.by) if isinstance(worded.by, int) else worded.by,
            date=self.words.day(worded.day) if worded.day else "",
            remarks=remarks(one, worded.text, self.language),
            safety=one.safety,
            group=one.group,
            forms=", ".join(self.language.classes) if len(one.forms) > 1 else "",
            note=typed.note if kept else note.note if note else "",
            note_by=f"{self.words.names([self.found.by(note.staff_id)])} · {self.words.date(note.at)}" if note else "",
            voice=self._voice(one.context),
            trouble=typed.trouble if mine else "",
            saved=mine and not typed.trouble,
        )

    def _voice(self, context: str) -> str:
        code = self.language.code
        return f"{RECORDINGS}/{code}/{context}" if (code, context) in self.recordings.files else ""


def reviewed_by(staff: Staff) -> tuple[str, ...]:
    """The languages in which somebody can say that a text is reviewed: those that are a translator's own."""
    return staff.reviews if staff.role == "translator" else ()


def remarks(one: Text, text: str, language: Language) -> tuple[str, ...]:
    """What is odd about a translation."""
    if not text:
        return ()
    entry = Entry(one.context, one.forms, forms_of(one, text))
    return tuple(f"{what} {remedy}" for what, remedy in (*comparing.of_entry(entry, language), *too_long(entry)))


def forms_of(one: Text, text: str) -> tuple[str, ...]:
    """A translation as the forms that its source asks for, with the spaces around them that the source has."""
    source = one.forms[-1]
    before, after = source[: len(source) - len(source.lstrip())], source[len(source.rstrip()) :]
    found = text.split("\n") if len(one.forms) > 1 else [text]
    return tuple(f"{before}{each.strip()}{after}" for each in found)


def texts_in(script: Script) -> Iterator[Text]:
    """The texts of a script, as they follow each other there."""
    for one in texts_of(script):
        shares = isinstance(script.by_key.get(one.context), Share)
        yield Text(one.context, (one.text,), shares or is_safety(one.context))


def texts_of_screens() -> Iterator[Text]:
    """Medvind's own texts for participants."""
    for one in screen_texts():
        yield Text(one.context, one.forms, is_safety(one.context), one.group)


def progress(found: Bench, language: str, words: StaffWords) -> str:
    """How many of the safety texts are reviewed in a language, of the conversations in use and of the screens."""
    scripts = (script for script in found.scripts.values() if script.language != language)
    asked = (script for script in scripts if script.audience is Audience.PARTICIPANT)
    texts = (*texts_of_screens(), *(one for script in asked for one in texts_in(script)))
    safety = [one for one in texts if one.safety]
    states = [found.wordings.of(language, one.context, one.source).state for one in safety]
    return words.say("review_progress", done=states.count(State.REVIEWED), total=len(states))
