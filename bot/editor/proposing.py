"""Proposing: what would become a new version, what keeps it from that, and what it changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.catalogs.sources import script_texts
from bot.catalogs.states import State
from bot.editor import examples
from bot.editor.checking import Review, review
from bot.editor.differences import Differences, differences
from bot.editor.library import Current, Library
from bot.editor.wordings import Wordings
from bot.programme import Programme
from bot.seconding import needs_two
from dialogues.loader import bundle, check, load_bundle
from dialogues.model import Script
from dialogues.problems import Problem, ScriptRefused
from storage.examples import Example
from storage.publications import Content
from storage.scripts import ScriptVersion


@dataclass(frozen=True, slots=True)
class Failing:
    """An example that does not go as it went: at which step, what was there, and what is there now."""

    example: Example
    step: int
    was: str
    now: str
    course: examples.Course


@dataclass(frozen=True, slots=True)
class Language:
    """How the texts of a dialogue stand in one language. ``outdated`` are the contexts that wait for somebody."""

    code: str
    complete: bool
    was_complete: bool
    counts: Mapping[State, int]
    missing: tuple[str, ...] = ()
    outdated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The next version of a dialogue, with those of the dialogues that run it."""

    current: Current
    review: Review
    content: Mapping[str, Content]
    changes: Differences
    languages: tuple[Language, ...]
    failing: tuple[Failing, ...]
    elsewhere: tuple[Problem, ...]
    """Problems that other dialogues would have."""
    guarded: bool
    """Whether it changes what nobody changes alone."""
    changed_texts: Mapping[str, int]
    """Texts that would be others, by language, beside the script's own."""

    @property
    def is_new(self) -> bool:
        """Whether anything would be different at all."""
        own, before = self.content.get(self.current.dialogue), self.current.published
        return own is not None and (before is None or (own.sources, own.texts) != (before.sources, before.texts))

    @property
    def ready(self) -> bool:
        """Whether nothing keeps it from being published."""
        return self.is_new and not (self.review.problems or self.elsewhere or self.failing)


def proposal(
    library: Library,
    dialogue: str,
    wordings: Wordings,
    programme: Programme,
    kept: Iterable[Example],
    scripts: Mapping[str, Script],
    today: date,
) -> Proposal | None:
    """What would be published of a dialogue now. ``kept`` are its examples, ``scripts`` the dialogues in use."""
    current = library.current(dialogue)
    if current is None:
        return None
    found = review(current.text, dialogue, current.library, programme, scripts)
    script, content, elsewhere = found.script, dict[str, Content](), list[Problem]()
    guarded = False
    if script is not None:
        for name in (dialogue, *_depending(library, dialogue)):
            checked = check(current.library[name], file=f"{name}.yaml", library=current.library)
            if checked.script is None:
                elsewhere += checked.problems if name != dialogue else ()
                continue
            before = library.published.get(name)
            texts = _texts(checked.script, wordings)
            content[name] = Content(bundle(name, current.library), texts, before.version if before else 0)
            guarded = guarded or needs_two(before, checked.script, texts)
    return Proposal(
        current=current,
        review=found,
        content=content,
        changes=Differences() if script is None else differences(_before(current), script),
        languages=() if script is None else tuple(_languages(script, current, wordings)),
        failing=() if script is None else tuple(failing(script, kept, today)),
        elsewhere=tuple(elsewhere),
        guarded=guarded and not programme.example,
        changed_texts=_changed_texts(current, content, script),
    )


def failing(script: Script, kept: Iterable[Example], today: date) -> Iterable[Failing]:
    """The examples that go another way now, or whose answers do not fit any more."""
    for example in kept:
        course = examples.played(script, example.answers, today)
        different = examples.first_difference(example.course, course)
        if different is not None:
            yield Failing(example, *different, course)


def earlier(version: ScriptVersion, current: Current, *, example: bool) -> tuple[Content, bool]:
    """An earlier version as the next one, word for word, and whether it takes two to use it again. Raises
    ScriptRefused where it cannot be played any more."""
    script = load_bundle(version.sources, version.dialogue)
    follows = current.published.version if current.published else 0
    content = Content(version.sources, version.texts, follows)
    return content, not example and needs_two(current.published, script, version.texts)


def _depending(library: Library, dialogue: str) -> list[str]:
    """The dialogues that were published with this one's text in them."""
    return [name for name, version in library.published.items() if name != dialogue and dialogue in version.sources]


def _before(current: Current) -> Script | None:
    if current.published is None:
        return None
    try:
        return load_bundle(current.published.sources, current.dialogue)
    except ScriptRefused:
        return None


def _texts(script: Script, wordings: Wordings) -> dict[str, Mapping[str, str]]:
    languages = sorted({script.language, *wordings.languages})
    return {code: found for code in languages if (found := wordings.written_texts(script, code)) is not None}


def _languages(script: Script, current: Current, wordings: Wordings) -> Iterable[Language]:
    before = current.published.texts if current.published else {}
    source = script_texts(script)
    for code in wordings.languages:
        if code == script.language:
            continue
        found = {context: wordings.of(code, context, text).state for context, text in source.items()}
        yield Language(
            code=code,
            complete=wordings.written_texts(script, code) is not None,
            was_complete=code in before,
            counts={state: n for state in State if (n := sum(each is state for each in found.values()))},
            missing=tuple(context for context, state in found.items() if state is State.MISSING),
            outdated=tuple(context for context, state in found.items() if state is State.OUTDATED),
        )


def _changed_texts(current: Current, content: Mapping[str, Content], script: Script | None) -> dict[str, int]:
    own = content.get(current.dialogue)
    if own is None or script is None or current.published is None:
        return {}
    counts = {}
    for language in own.texts.keys() & current.published.texts.keys() - {script.language}:
        before, now = current.published.texts[language], own.texts[language]
        counts[language] = sum(now[context] != before[context] for context in now.keys() & before.keys())
    return {language: n for language, n in sorted(counts.items()) if n}
