"""Steps: each step of a script on its own, before it is compared with the steps around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dialogues.model import Ask, Say, Share
from dialogues.problems import Findings
from dialogues.reading.grammar import KEYS_OF_STEP, MOST_STEPS, PICTURES, STEP_KEYS, STEP_KINDS
from dialogues.reading.names import check_name
from dialogues.reading.nodes import Fields, Node, Scalar
from dialogues.reading.questions import read_question
from dialogues.reading.sheet import Sheet, tidy
from dialogues.reading.topics import read_topics


@dataclass(frozen=True, slots=True)
class Draft:
    """A step that has been read but not compared with others. ``step`` is None for ``run`` and for a step that could
    not be read; ``texts`` are the texts it shows by itself, the short ones apart."""

    name: Scalar
    sheet: Sheet | None = None
    step: Say | Ask | Share | None = None
    groups: tuple[Scalar, ...] = ()
    topics: tuple[Scalar, ...] = ()
    text: Scalar | None = None

    @property
    def runs(self) -> Scalar | None:
        """The name of the dialogue that this step runs."""
        node = self.sheet.node("run") if self.sheet and self.step is None else None
        return node if isinstance(node, Scalar) else None

    @property
    def short_texts(self) -> list[Scalar]:
        """The texts of its options, points and labels."""
        return self.sheet.short_texts if self.sheet else []


def read_steps(dialogue: str, node: Node, findings: Findings) -> Iterator[Draft]:
    """The steps under ``steps``, in order."""
    if not isinstance(node, Fields) or not node.pairs:
        hint = 'Write each with a name, and what it does on the next lines: "hello:", then "say: ...".'
        findings.add("MV008", node.place, "The steps belong here.", hint)
        return
    for number, (name, value) in enumerate(node.pairs.values()):
        if number == MOST_STEPS:
            message = f"This script has {len(node.pairs)} steps. At most {MOST_STEPS} can be checked."
            findings.add("MV002", name.place, message, "Split the script into several dialogues.")
            return
        yield _step(dialogue, name, value, findings)


def _step(dialogue: str, name: Scalar, node: Node, findings: Findings) -> Draft:
    if name.value in STEP_KEYS:
        message = f'"{name.value}" has a meaning of its own, so it cannot be the name of a step.'
        findings.add("MV017", name.place, message, "If the line is indented too little, move it to the right.")
        return Draft(name)
    check_name(name, "a step", findings)
    if not isinstance(node, Fields):
        hint = f'Write what "{name.value}" does on the next lines, indented: "say: ..." or "ask: ...".'
        findings.add("MV008", node.place, "A step has lines of its own.", hint)
        return Draft(name)
    sheet = Sheet(node, STEP_KEYS, findings)
    kinds = [kind for kind in STEP_KINDS if kind in sheet]
    if len(kinds) == 1:
        return _of_kind(kinds[0], f"{dialogue}/{name.value}", name, sheet)
    if kinds:
        place = sheet.key_place(kinds[1])
        message = f'"{name.value}" has "{kinds[0]}" and "{kinds[1]}". A step does one thing.'
        findings.add("MV014", place, message, "Make a step of each, with a name of its own.")
    else:
        findings.add("MV014", name.place, f'"{name.value}" does nothing.', "Add one of: say, ask, share, run.")
    return Draft(name)


def _of_kind(kind: str, key: str, name: Scalar, sheet: Sheet) -> Draft:
    line = name.place.line
    if kind != "ask":
        sheet.only(KEYS_OF_STEP[kind], f'a step with "{kind}"')
    if kind == "run":
        return Draft(name, sheet)
    text = sheet.text(kind)
    shown = tidy(text) if text else ""
    if kind == "ask":
        question = read_question(sheet, key, shown, name.place)
        if question is None:
            return Draft(name, sheet, text=text)
        return Draft(name, sheet, question.step, question.groups, question.topics, text)
    words = read_topics(sheet).words
    topics, tags = tuple(word.value for word in words), sheet.tags()
    if kind == "share":
        share = Share(key=key, text=shown, offer=(), topics=topics, tags=tags, line=line)
        return Draft(name, sheet, share, topics=words, text=text)
    picture = sheet.one_of("picture", PICTURES, 'There is no picture "{}".')
    say = Say(key=key, text=shown, topics=topics, picture=picture, tags=tags, line=line)
    return Draft(name, sheet, say, topics=words, text=text)
