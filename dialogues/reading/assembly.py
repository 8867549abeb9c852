"""Assembly: the steps of a dialogue compared with one another, with those of the dialogues that it runs in place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from dialogues import meanings
from dialogues.model import OWN_WORDS, AnswerKind, Ask, Rotation, Run, Say, Share, Step
from dialogues.problems import Enough, Findings, did_you_mean
from dialogues.reading import rotations
from dialogues.reading.drafts import DialogueDraft
from dialogues.reading.guards import read_guards
from dialogues.reading.library import Library
from dialogues.reading.nodes import Scalar
from dialogues.reading.placeholders import Fill, read_main, read_short
from dialogues.reading.references import References
from dialogues.reading.sheet import Sheet
from dialogues.reading.steps import Draft


class Assembly:
    """One script while its steps are put together."""

    def __init__(self, library: Library, own: DialogueDraft) -> None:
        self.runs: list[Run] = []
        self.remember: dict[str, str] = {}
        self.fills: list[Fill] = []
        self.rotations: list[Rotation] = []
        self._library = library
        self._topics: frozenset[str] | None = None
        self._in_use = {own.dialogue}

    def steps(self, draft: DialogueDraft) -> list[Step]:
        """The steps of a dialogue, in the order they are played. Problems go to the dialogue they stand in."""
        found: list[Step] = []
        with suppress(Enough):
            self._compare(draft, found)
        return found

    def _compare(self, draft: DialogueDraft, found: list[Step]) -> None:
        references = References(draft.dialogue, draft.steps, self._remembered(draft), draft.findings)
        for here, step in enumerate(draft.steps):
            if step.runs is not None:
                found.extend(self._run(draft, step, step.runs, references, here))
            elif step.step is not None and step.sheet is not None:
                found.append(self._complete(step, step.step, step.sheet, references, here))
        self.rotations.extend(rotations.compare(draft.rotations, references, len(draft.steps)))
        _never_offered(draft.steps, found, draft.findings)
        _never_agreed_on(draft.steps, found, draft.findings)
        _never_used(draft, references)

    # One step -------------------------------------------------------------------------------------------------------

    def _complete(self, draft: Draft, step: Step, sheet: Sheet, references: References, here: int) -> Step:
        guards = read_guards(sheet, references, here)
        repeated = "for each" in sheet
        if draft.text is not None:
            self.fills.extend(read_main(draft.text, step.key, repeated, references, here))
        for text in draft.short_texts:
            read_short(text, repeated, references)
        for_each = _several(sheet, "for each", references, here)
        self._on_offer(draft.topics, references)
        match step:
            case Say():
                return replace(step, guards=guards, for_each=for_each)
            case Ask():
                groups_of = _several(sheet, "groups of", references, here)
                _groups(draft.groups, groups_of, references)
                return replace(step, guards=guards, for_each=for_each, groups_of=groups_of)
            case Share():
                return replace(step, guards=guards, offer=_offer(sheet, references, here))

    def _on_offer(self, topics: Sequence[Scalar], references: References) -> None:
        """Each topic is one that people can choose, where the folder asks them."""
        if not topics:
            return
        self._topics = self._library.topics() if self._topics is None else self._topics
        for word in topics:
            if self._topics and word.value not in self._topics:
                hint = did_you_mean(word.value, self._topics, f"Possible are: {', '.join(sorted(self._topics))}.")
                message = f'Nobody can choose the topic "{word.value}".'
                references.findings.add("MV060", word.place, message, hint)

    # Other dialogues ------------------------------------------------------------------------------------------------

    def _run(
        self, draft: DialogueDraft, step: Draft, name: Scalar, references: References, here: int
    ) -> Iterator[Step]:
        assert step.sheet is not None, "a step that runs a dialogue has been read"
        guards = read_guards(step.sheet, references, here)
        other = self._other(draft, name)
        if other is None:
            return
        self._in_use |= self._library.all_run(other.dialogue)
        self.runs.append(Run(f"{draft.dialogue}/{step.name.value}", other.dialogue, step.name.place.line))
        inside = self.steps(other)
        if not other.findings.playable:
            message = f'The dialogue "{name.value}" has problems.'
            draft.findings.add("MV046", name.place, message, f'Check "{name.value}" first.')
            return
        yield from (replace(each, guards=(*guards, *each.guards)) for each in inside)

    def _other(self, draft: DialogueDraft, name: Scalar) -> DialogueDraft | None:
        """The dialogue to run, if it can be run here."""
        other = self._library.get(name.value)
        add = draft.findings.add
        if other is None:
            others = [each for each in self._library.names if each != draft.dialogue]
            hint = did_you_mean(name.value, others, f"There are: {', '.join(others[:12])}." if others else "")
            add("MV043", name.place, f'There is no dialogue called "{name.value}".', hint)
        elif self._library.runs_again(draft.dialogue, name.value):
            message = f'"{name.value}" runs "{draft.dialogue}" again, so this would never end.'
            add("MV044", name.place, message, "Delete one of the two steps.")
        elif twice := self._in_use & self._library.all_run(name.value):
            message = f'"{min(twice)}" is in this conversation already.'
            add("MV045", name.place, message, "Run it in one place only.")
        elif other.language and other.language != draft.language:
            message = f'"{name.value}" is written in "{other.language}", this dialogue in "{draft.language}".'
            add("MV047", name.place, message, "Write both in the same language.")
        elif clash := self._remembered_otherwise(name.value):
            message = f'"{name.value}" remembers something else as "{clash}".'
            add("MV049", name.place, message, "Choose another name in one of the two dialogues.")
        else:
            return other
        return None

    def _remembered_otherwise(self, name: str) -> str:
        """A name that stands for one answer here, and for another in a dialogue that is to be run."""
        drafts = [draft for each in self._library.all_run(name) if (draft := self._library.get(each)) is not None]
        pairs = [(local.value, target.value) for draft in drafts for local, target in draft.remember]
        return next((local for local, target in pairs if self.remember.get(local, target) != target), "")

    def _remembered(self, draft: DialogueDraft) -> dict[str, Ask | None]:
        found: dict[str, Ask | None] = {}
        for name, target in draft.remember:
            if draft.step(name.value) is not None:
                message = f'A step is called "{name.value}" too.'
                draft.findings.add("MV049", name.place, message, "Choose another name here.")
            found[name.value] = self._target(draft, target)
            self.remember[name.value] = target.value
        return found

    def _target(self, draft: DialogueDraft, target: Scalar) -> Ask | None:
        """The question whose answer is remembered."""
        dialogue, _, name = target.value.partition("/")
        other = self._library.get(dialogue)
        if other is None:
            hint = did_you_mean(dialogue, self._library.names, "Write the name of a dialogue before the slash.")
            draft.findings.add("MV048", target.place, f'There is no dialogue called "{dialogue}".', hint)
            return None
        found = other.step(name)
        if found is not None and _has_one_answer(found):
            assert isinstance(found.step, Ask), "a question with one answer is a question"
            if meanings.is_in_the_plan(found.step.tags):
                message = f'"{target.value}" is kept in the person\'s own plan, and not among the answers.'
                draft.findings.add("MV048", target.place, message, "Delete the line.")
            return found.step
        if found is None or found.step is not None or found.runs is not None:
            names = [f"{dialogue}/{each.name.value}" for each in other.steps if _has_one_answer(each)]
            hint = did_you_mean(target.value, names, f"Possible are: {', '.join(names[:12])}." if names else "")
            message = f'"{target.value}" is not a question with one answer.'
            draft.findings.add("MV048", target.place, message, hint)
        return None


def _has_one_answer(draft: Draft) -> bool:
    repeated = draft.sheet is not None and "for each" in draft.sheet
    return isinstance(draft.step, Ask) and draft.step.kind is not AnswerKind.OK and not repeated


def _several(sheet: Sheet, key: str, references: References, here: int) -> str:
    word = sheet.word(key)
    return "" if word is None else references.several(word, key, here)


def _groups(groups: Sequence[Scalar], key: str, references: References) -> None:
    """Each group is named after an option of the question that decides which groups are shown."""
    found = references.question(key.partition("/")[2]) if key else None
    if found is None:
        return
    names = [option.name for option in found.options]
    for group in groups:
        if group.value not in names:
            name = key.partition("/")[2]
            hint = did_you_mean(group.value, names, f"Possible are: {', '.join(names[:12])}.")
            references.findings.add("MV024", group.place, f'"{name}" has no option "{group.value}".', hint)


def _offer(sheet: Sheet, references: References, here: int) -> tuple[str, ...]:
    if not sheet.needs("offer", 'A step with "share"'):
        return ()
    offered: dict[str, Scalar] = {}
    for word in sheet.words("offer"):
        found = references.earlier(word, here)
        if found is None:
            continue
        if found.id in offered:
            message = f'"{word.value}" is offered twice. The first time is on line {offered[found.id].place.line}.'
            references.findings.add("MV040", word.place, message, "Delete one of the lines.")
        elif found.ask is not None:
            _labelled(word, found.ask, references)
            if meanings.HANDOVER in found.ask.tags:
                message = f'What somebody answers to "{word.value}" is for nobody else.'
                references.findings.add("MV059", word.place, message, 'Take it out of "offer".')
        offered.setdefault(found.id, word)
    return tuple(offered)


def _labelled(word: Scalar, ask: Ask, references: References) -> None:
    sheet = references.sheet(word.value)
    if "groups of" not in sheet:
        missing = [] if "label" in sheet else [""]
    else:
        groups = dict.fromkeys(option.group for option in ask.options)
        missing = [group for group in groups if group not in ask.group_labels]
        missing += ["own words"] if ask.own_words and OWN_WORDS not in ask.group_labels else []
    for group in missing:
        what = f'"{group}" in "{word.value}"' if group else f'"{word.value}"'
        message = f"{what} is offered on line {word.place.line}, but has no label."
        hint = f'Add "{group}: ..." under its "label:".' if group else 'Add a line "label: ..." to it.'
        references.findings.add("MV037", references.place(word.value), message, hint)


def _never_offered(drafts: Sequence[Draft], steps: Sequence[Step], findings: Findings) -> None:
    offered = {key for step in steps if isinstance(step, Share) for key in step.offer}
    for draft in drafts:
        step = draft.step
        if isinstance(step, Ask) and draft.sheet and (step.private or step.private_groups) and step.key not in offered:
            message = f'"{draft.name.value}" is private, but no step offers it for sharing.'
            findings.add(
                "MV039", draft.sheet.key_place("private"), message, 'Add it to an "offer", or delete the line.'
            )


def _never_agreed_on(drafts: Sequence[Draft], steps: Sequence[Step], findings: Findings) -> None:
    """What can become an agreement has been seen by the specialist, says one thing, and is none yet."""
    offered = {key for step in steps if isinstance(step, Share) for key in step.offer}
    proposes = any(isinstance(step, Ask) and meanings.AGREEMENT_WHAT in step.tags for step in steps)
    for draft in drafts:
        if not isinstance(draft.step, Ask) or draft.sheet is None or meanings.AGREEMENT_OFFER not in draft.step.tags:
            continue
        name, problem = draft.name.value, ("", "")
        if draft.step.key not in offered:
            problem = f'"{name}" is never shared, so it cannot become an agreement.', 'Add it to an "offer"'
        elif "for each" in draft.sheet:
            problem = f'"{name}" has several answers, so it is not clear what to agree on.', 'Delete "for each"'
        elif proposes:
            problem = (
                f'This dialogue asks for an agreement itself, so "{name}" is not to become one.',
                "Move it to another dialogue",
            )
        if any(problem):
            hint = f'{problem[1]}, or take "{meanings.AGREEMENT_OFFER}" out of its tags.'
            findings.add("MV063", draft.sheet.key_place("tags"), problem[0], hint)


def _never_used(draft: DialogueDraft, references: References) -> None:
    for name, _ in draft.remember:
        if name.value not in references.used:
            message = f'"{name.value}" is remembered, but nothing uses it.'
            draft.findings.add("MV057", name.place, message, "Delete the line, or use it in a condition or a text.")
