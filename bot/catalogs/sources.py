"""Source: every text that wants a translation, from the scripts of a folder and from the wording."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.catalogs.language import SOURCE
from bot.catalogs.po import Entry
from dialogues import loader, texts
from dialogues.model import Script
from dialogues.problems import Problem

Wording = Mapping[str, str | tuple[str, str]]

_LANGUAGE = "Written in: "


@dataclass(frozen=True, slots=True)
class Source:
    """One text as its author wrote it. ``texts`` is one text, or singular and plural."""

    context: str
    texts: tuple[str, ...]
    place: str
    language: str = SOURCE
    line: int = 0
    hint: str = ""

    def entry(self) -> Entry:
        """The text as an entry of the template."""
        hints = [self.hint] if self.hint else []
        if self.language != SOURCE:
            hints.append(_LANGUAGE + self.language)
        return Entry(self.context, self.texts, hints=tuple(hints), places=(self.place,), texts=("",) * len(self.texts))


def written_in(entry: Entry) -> str:
    """The language that an entry's source is written in."""
    return next((hint.removeprefix(_LANGUAGE) for hint in entry.hints if hint.startswith(_LANGUAGE)), SOURCE)


def scripts_in(folder: Path) -> dict[str, str]:
    """The scripts of a folder, dialogue name -> text, in the order of their names. Of a file that is not UTF-8 the
    check finds the signs that are lost. Raises OSError for one that cannot be opened."""
    return {path.stem: _text_of(path) for path in sorted(folder.glob("*.yaml"))}


def opened_in(folder: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """The scripts of a folder that can be opened, and the names of the files that cannot."""
    texts: dict[str, str] = {}
    closed: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            texts[path.stem] = _text_of(path)
        except OSError:
            closed.append(path.name)
    return texts, tuple(closed)


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def of_scripts(library: Mapping[str, str]) -> tuple[list[Source], list[Problem]]:
    """Every text of every script, and whatever keeps a script from being read."""
    sources: list[Source] = []
    problems: list[Problem] = []
    for name, text in library.items():
        checked = loader.check(text, file=f"{name}.yaml", library=library)
        if checked.script is None:
            problems.extend(checked.problems)
            continue
        found = texts.texts_of(checked.script)
        questions = {each.context: each.text for each in found}
        language = checked.script.language
        sources.extend(
            Source(each.context, (each.text,), f"{name}.yaml:{each.line}", language, each.line, hint)
            for each in found
            for hint in [_hint(each.context, questions)]
        )
    return sources, problems


def script_texts(script: Script) -> dict[str, str]:
    """Every text of a script by context, with those of the dialogues that it runs."""
    found = {each.context: each.text for each in texts.texts_of(script)}
    for dialogue in {step.key.partition("/")[0] for step in script.steps} - {script.dialogue}:
        part = replace(script, dialogue=dialogue, title="")
        found.update((each.context, each.text) for each in texts.texts_of(part))
    return found


def _hint(context: str, questions: Mapping[str, str]) -> str:
    """What a translator has to know to translate three words: where they will stand."""
    step = "/".join(context.split("/")[:2])
    if ".label" in context:
        asked = questions.get(step.partition(".label")[0], "")
        return f"What the answer is called in the list that is shared. Question: {_short(asked)}"
    if context.count("/") == 2:
        return f"A button: an answer to: {_short(questions.get(step, ''))}"
    return ""


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 100 else words[:99] + "…"


def of_wording(wording: Wording) -> Iterator[Source]:
    """Every text of the wording; a pair is singular and plural."""
    for context, text in sorted(wording.items()):
        yield Source(context, (text,) if isinstance(text, str) else text, context)


def doubled(sources: Iterable[Source]) -> list[str]:
    """Contexts that stand for more than one text, which must never be."""
    counts = Counter(each.context for each in sources)
    return sorted(context for context, count in counts.items() if count > 1)
