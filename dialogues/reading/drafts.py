"""Drafts: a whole script file as it was read, before it is compared with other dialogues."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath

from dialogues.model import Audience
from dialogues.problems import Enough, Findings, Place
from dialogues.reading.grammar import LANGUAGE, LANGUAGES, MOST_QUESTIONS, TOP_KEYS
from dialogues.reading.names import check_name
from dialogues.reading.nodes import Fields, Scalar, read
from dialogues.reading.placeholders import read_title
from dialogues.reading.rotations import RotationDraft, read_rotations
from dialogues.reading.sheet import Sheet, tidy
from dialogues.reading.steps import Draft, read_steps

LONGEST_OPEN = timedelta(days=60)
"""How long a check-in can stay open: after two months it would be answered about another time of life."""


@dataclass(slots=True)
class DialogueDraft:
    """What stands in one file, with the problems found so far."""

    findings: Findings
    source: str
    dialogue: str = ""
    title: str = ""
    language: str = ""
    audience: Audience = Audience.PARTICIPANT
    remind_after: timedelta | None = None
    close_after: timedelta | None = None
    at_most: int | None = None
    remember: list[tuple[Scalar, Scalar]] = field(default_factory=list)
    """Local name and ``dialogue/step``."""
    rotations: list[RotationDraft] = field(default_factory=list)
    steps: list[Draft] = field(default_factory=list)
    language_place: Place = field(default_factory=lambda: Place(1, 1))
    steps_place: Place = field(default_factory=lambda: Place(1, 1))
    at_most_place: Place = field(default_factory=lambda: Place(1, 1))
    rotations_place: Place = field(default_factory=lambda: Place(1, 1))

    def step(self, name: str) -> Draft | None:
        """The step with this name."""
        return next((draft for draft in self.steps if draft.name.value == name), None)

    def runs(self) -> list[str]:
        """The names of the dialogues that it runs."""
        return [word.value for draft in self.steps if (word := draft.runs) is not None]


def read_draft(text: str | bytes, file: str) -> DialogueDraft:
    """Read one file."""
    source = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    draft = DialogueDraft(Findings(file), source, dialogue=PurePath(file).stem)
    with suppress(Enough):
        top = read(text, draft.findings)
        if top is not None:
            _fill_in(draft, Sheet(top, TOP_KEYS, draft.findings), PurePath(file).stem)
    return draft


def _fill_in(draft: DialogueDraft, sheet: Sheet, stem: str) -> None:
    for key in ("dialogue", "language", "steps"):
        sheet.needs(key, "A script", Place(1, 1))
    _name(draft, sheet, stem)
    _language(draft, sheet)
    _audience(draft, sheet)
    if title := sheet.title():
        read_title(title, draft.findings)
        draft.title = tidy(title)
    _times(draft, sheet)
    draft.at_most = sheet.questions("at most", MOST_QUESTIONS)
    draft.at_most_place = sheet.key_place("at most")
    draft.rotations = list(read_rotations(sheet))
    draft.rotations_place = sheet.key_place("rotate")
    draft.remember = list(_remember(sheet))
    node = sheet.node("steps")
    if node is not None:
        draft.steps_place = sheet.key_place("steps")
        draft.steps = list(read_steps(draft.dialogue, node, draft.findings))


def _name(draft: DialogueDraft, sheet: Sheet, stem: str) -> None:
    name = sheet.word("dialogue")
    if name is None or not check_name(name, "a dialogue", draft.findings):
        return
    draft.dialogue = name.value
    if stem and stem != name.value:
        message = f'The dialogue is called "{name.value}", but the file is called "{stem}".'
        draft.findings.add("MV051", name.place, message, f'Did you mean "{stem}"?')


def _language(draft: DialogueDraft, sheet: Sheet) -> None:
    word = sheet.word("language")
    if word is None:
        return
    draft.language, draft.language_place = word.value, word.place
    form = LANGUAGE.fullmatch(word.value)
    if form is None or form[1] not in LANGUAGES:
        hint = "Write its code of two or three small letters, like en, nb or ar."
        draft.findings.add("MV050", word.place, f'I do not know the language "{word.value}".', hint)


def _audience(draft: DialogueDraft, sheet: Sheet) -> None:
    found = sheet.one_of("for", (audience.value for audience in Audience), 'A dialogue cannot be for "{}".')
    if found:
        draft.audience = Audience(found)


def _times(draft: DialogueDraft, sheet: Sheet) -> None:
    draft.remind_after = sheet.length("remind after", LONGEST_OPEN)
    draft.close_after = sheet.length("close after", LONGEST_OPEN)
    if draft.remind_after and draft.close_after and draft.remind_after >= draft.close_after:
        message = "The reminder would come when the check-in is closed already."
        hint = 'Make "remind after" shorter than "close after".'
        draft.findings.add("MV042", sheet.key_place("remind after"), message, hint)


def _remember(sheet: Sheet) -> Iterator[tuple[Scalar, Scalar]]:
    node = sheet.node("remember")
    if node is not None and not isinstance(node, Fields):
        hint = 'Write each on a line of its own: "last_step: weekly_checkin/step".'
        sheet.findings.add("MV008", node.place, "What is remembered belongs here.", hint)
    elif node is not None:
        for name, value in node.pairs.values():
            check_name(name, "something remembered", sheet.findings)
            target = sheet.as_scalar(value, "Here stands one dialogue/step.")
            if target is not None:
                yield name, target
