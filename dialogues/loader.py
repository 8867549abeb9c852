"""Loader: the text of a script -> Script, or every problem in it, all at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from dialogues import rotation
from dialogues.model import Script
from dialogues.problems import Enough, Problem, ScriptRefused
from dialogues.reading.assembly import Assembly
from dialogues.reading.drafts import DialogueDraft, read_draft
from dialogues.reading.grammar import LANGUAGES, MOST_QUESTIONS
from dialogues.reading.library import Library
from dialogues.ways import Ways, walk

_LANGUAGE = re.compile(r"^language:[ ]*([A-Za-z-]+)", re.MULTILINE)
NO_OTHERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a script: it is there exactly when there are no problems."""

    script: Script | None
    problems: tuple[Problem, ...]


def check(text: str | bytes, *, file: str = "", library: Mapping[str, str] = NO_OTHERS) -> Checked:
    """Read and check a script.

    ``library`` holds the texts of the other dialogues by name, for what this one runs and remembers. ``file`` goes into
    the problems; a script has to be called like its file.
    """
    draft = read_draft(text, file)
    script, assembly = _assembled(draft, library)
    with suppress(Enough):
        _one_language(draft, library)
        if draft.findings.playable:
            _look_ahead(draft, script, assembly)
    problems = draft.findings.problems
    return Checked(None if problems else script, problems)


def load(text: str | bytes, library: Mapping[str, str] = NO_OTHERS) -> Script:
    """The script in a text. Raises ScriptRefused with all its problems."""
    checked = check(text, library=library)
    if checked.script is None:
        raise ScriptRefused(checked.problems)
    return checked.script


def load_bundle(sources: Mapping[str, str], dialogue: str) -> Script:
    """A script that was checked when it was published, from the texts that were stored with it.

    Rules may have become stricter since, and people are in the middle of it: so only what leaves unclear how it plays
    is refused, with ScriptRefused. Raises KeyError when the dialogue is not among the sources.
    """
    draft = read_draft(sources[dialogue], f"{dialogue}.yaml")
    script, _ = _assembled(draft, sources)
    if not draft.findings.playable:
        raise ScriptRefused(draft.findings.problems)
    return script


def bundle(dialogue: str, library: Mapping[str, str]) -> dict[str, str]:
    """The texts to store with a version of a dialogue: its own, of those it runs, and of those it remembers from.
    Raises KeyError when the dialogue is not in the library."""
    shelf = Library(library, read_draft(library[dialogue], f"{dialogue}.yaml"))
    names = shelf.all_run(dialogue)
    drafts = [draft for name in sorted(names) if (draft := shelf.get(name)) is not None]
    targets = {target.value.partition("/")[0] for draft in drafts for _, target in draft.remember}
    return {name: library[name] for name in sorted(names | targets) if name in library}


def _assembled(draft: DialogueDraft, library: Mapping[str, str]) -> tuple[Script, Assembly]:
    assembly = Assembly(Library(library, draft), draft)
    steps = assembly.steps(draft)
    script = Script(
        dialogue=draft.dialogue,
        language=draft.language,
        steps=tuple(steps),
        title=draft.title,
        audience=draft.audience,
        remind_after=draft.remind_after,
        close_after=draft.close_after,
        remember=assembly.remember,
        rotations=tuple(assembly.rotations),
        at_most=draft.at_most,
        runs=tuple(assembly.runs),
        source=draft.source,
    )
    return script, assembly


def _one_language(draft: DialogueDraft, library: Mapping[str, str]) -> None:
    """A folder has one language to translate from. Only a script that stands alone with its language is reported."""
    found = (_LANGUAGE.search(text) for name, text in library.items() if name != draft.dialogue)
    others = {language[1] for language in found if language is not None}
    if draft.language in LANGUAGES and others and draft.language not in others:
        message = f'No other script is written in "{draft.language}", but in {" or ".join(sorted(others))}.'
        draft.findings.add(
            "MV047", draft.language_place, message, "Write all scripts of a folder in the same language."
        )


def _look_ahead(draft: DialogueDraft, script: Script, assembly: Assembly) -> None:
    """What only shows when all ways through the script are gone."""
    fills: dict[str, list[str]] = {}
    for fill in assembly.fills:
        fills.setdefault(fill.step, []).append(fill.question)
    ways = walk(script, fills=fills)
    _never_reached(draft, script, ways)
    _gaps(draft, assembly, ways)
    _too_long(draft, ways)
    _one_sided(draft, script)


def _too_long(draft: DialogueDraft, ways: Ways) -> None:
    said = f"The longest way through has {ways.longest:.0f} questions."
    hint = "Leave some out, or make two dialogues of them."
    if ways.longest > MOST_QUESTIONS:
        draft.findings.add("MV054", draft.steps_place, f"{said} At most {MOST_QUESTIONS} are answered well.", hint)
    elif draft.at_most is not None and ways.longest > draft.at_most:
        message = f'{said} "at most" says {draft.at_most}.'
        draft.findings.add("MV054", draft.at_most_place, message, hint)


def _one_sided(draft: DialogueDraft, script: Script) -> None:
    """Questions that take turns come to all that has to be asked about, and soon enough."""
    if not draft.rotations or not any(tag in rotation.COVERED for step in script.steps for tag in step.tags):
        return
    for tag, count in rotation.hardly_asked(script).items():
        found = f'{"Only 1" if count else "No"} question with the tag "{tag}"'
        message = f"{found} is sure to come in every {rotation.COVERED_WITHIN} conversations in a row."
        hint = f"It takes {rotation.COVERED_BY}. Let more questions have a turn each time, or add one."
        draft.findings.add("MV062", draft.rotations_place, message, hint)


def _never_reached(draft: DialogueDraft, script: Script, ways: Ways) -> None:
    if not ways.exact:
        return
    for step in draft.steps:
        keys = _keys(draft, script, step.name.value)
        if keys and step.sheet is not None and not keys & ways.reached:
            key = next((key for key in ("when", "when any") if key in step.sheet), "")
            place = step.sheet.key_place(key) if key else step.name.place
            message = f'No answers lead to "{step.name.value}".'
            draft.findings.add("MV029", place, message, "Correct its conditions, or delete the step.")


def _keys(draft: DialogueDraft, script: Script, name: str) -> set[str]:
    """The key of a step, or of all the steps that it runs in place."""
    key = f"{draft.dialogue}/{name}"
    run = next((run.dialogue for run in script.runs if run.key == key), None)
    return {key} if run is None else {step.key for step in script.steps if step.key.startswith(f"{run}/")}


def _gaps(draft: DialogueDraft, assembly: Assembly, ways: Ways) -> None:
    for fill in assembly.fills:
        if fill.step.startswith(f"{draft.dialogue}/") and (fill.step, fill.question) in ways.gaps:
            message = f'Some people come here without an answer to "{fill.name}".'
            draft.findings.add("MV052", fill.place, message, f'Add "when: {fill.name} was answered" to the step.')
