"""Sentences: what is to be said of a script, its problems and its changes, in the words of whoever reads the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from bot.catalogs.states import State
from bot.console.scripts.bench import Bench
from bot.digest.words import StaffWords
from bot.editor.checking import Review, Size, fix
from bot.editor.differences import Differences, Rule
from bot.editor.edits import CannotEdit, Replace
from bot.editor.library import Current
from bot.editor.proposing import Failing, Language
from dialogues.problems import CATALOGUE, Problem


@dataclass(frozen=True, slots=True)
class Found:
    """One problem as the page shows it, with what the catalogue says about its code."""

    where: str
    line: int
    column: int
    code: str
    message: str
    hint: str
    explained: str
    meaning: str
    remedy: str
    step: str
    advice: bool
    file: str = ""
    fix: Replace | None = None

    def as_json(self) -> dict[str, object]:
        """What a program of the page gets."""
        change = None if self.fix is None else {"edit": {"do": "replace", **asdict(self.fix)}, "label": self.fix.new}
        kept = ("line", "column", "code", "message", "hint", "advice", "step", "file")
        return {**{name: getattr(self, name) for name in kept}, "help": self.meaning, "fix": change}


def found_in(review: Review, text: str, words: StaffWords) -> list[Found]:
    """Every problem and every piece of advice, from the top of the text."""
    return [
        found(one, words, step=review.outline.at(one.line), change=fix(one, text), advice=one in review.advice)
        for one in review.found
    ]


def found(
    problem: Problem, words: StaffWords, *, step: str = "", change: Replace | None = None, advice: bool = False
) -> Found:
    """One problem, or a piece of advice."""
    entry = CATALOGUE[problem.code]
    return Found(
        where=words.say("script_line", line=problem.line),
        line=problem.line,
        column=problem.column,
        code=problem.code,
        message=problem.message,
        hint=problem.hint,
        explained=words.say("script_explained", code=problem.code),
        meaning=entry.meaning,
        remedy=entry.remedy,
        step=step,
        advice=advice,
        file=problem.file,
        fix=change,
    )


def facts(size: Size | None, words: StaffWords) -> list[str]:
    """How long it is and how hard to read."""
    if size is None:
        return []
    said = [
        words.count("script_questions", size.questions),
        words.count("script_longest", size.longest),
        words.count("script_reading", size.minutes),
        words.say("edit_sentences", n=words.number(size.sentence)),
    ]
    return [*said, words.say("edit_common", n=size.common)] if size.common else said


def cannot(why: CannotEdit, words: StaffWords) -> str:
    """Why a card cannot change something."""
    return words.say(f"edit_cannot.{why.reason}", name=why.name)


def standing(current: Current, bench: Bench, words: StaffWords) -> list[str]:
    """What is in use, what is being written, and by whom."""
    said = []
    if current.published is None:
        said.append(words.say("script_unpublished"))
    else:
        version = current.published
        said.append(words.say("script_version", version=version.version, date=words.date(version.published_at)))
    if current.draft is not None:
        by, date = bench.by(current.draft.staff_id), words.date(current.draft.at)
        said.append(words.say("edit_draft_by", name=by, date=date))
        if current.draft.base != (current.published.version if current.published else 0):
            said.append(words.say("edit_base_moved"))
    if current.dialogue in bench.waiting:
        said.append(words.say("edit_waits"))
    if current.folder_differs and current.draft is None:
        said.append(words.say("edit_folder_differs" if current.is_held else "script_changed"))
    return said


# What changes --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What changes, as a page shows it. ``words`` are (context, before, now)."""

    words: Sequence[tuple[str, str, str]] = ()
    rules: Sequence[str] = ()
    sharing: Sequence[str] = ()
    languages: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """Whether there is no change at all."""
        return not (self.words or self.rules or self.sharing)


def told(changes: Differences, words: StaffWords) -> Told:
    """The changes in sentences."""
    return Told(
        words=[(one.context, one.before, one.now) for one in changes.words],
        rules=[rule_text(rule, words) for rule in changes.rules],
        sharing=[rule_text(rule, words) for rule in changes.sharing],
    )


def rule_text(rule: Rule, words: StaffWords) -> str:
    """One change of a rule."""
    if rule.about in ("added", "removed", "moved"):
        return words.say(f"edit_rule_{rule.about}", step=rule.step)
    about = words.say(f"edit_about_{rule.about}")
    before, now = rule.before or words.say("edit_rule_none"), rule.now or words.say("edit_rule_none")
    if not rule.step:
        return words.say("edit_rule_top", about=about, before=before, now=now)
    return words.say("edit_rule_step", step=rule.step, about=about, before=before, now=now)


def failing_text(one: Failing, words: StaffWords) -> str:
    """How an example goes another way."""
    return words.say("edit_example_fails", name=one.example.name, n=one.step, was=one.was or "–", now=one.now or "–")


_STATES = {
    State.MISSING: "edit_missing",
    State.MACHINE_DRAFT: "edit_machine_draft",
    State.HUMAN_DRAFT: "edit_human_draft",
    State.REVIEWED: "edit_reviewed",
    State.OUTDATED: "edit_outdated",
}


def state_text(state: State, words: StaffWords) -> str:
    """How far a text has come."""
    return words.say(_STATES[state])


def counts_text(language: Language, words: StaffWords) -> str:
    """How many texts have come how far."""
    return words.listed(f"{n} {state_text(state, words)}" for state, n in language.counts.items())


def lost(languages: Iterable[Language]) -> Iterator[str]:
    """Languages in which the dialogue is complete now and would not be any more."""
    return (one.code for one in languages if one.was_complete and not one.complete)
