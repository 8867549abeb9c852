"""Options: what can be chosen in a question, one by one or in groups, and which choices go together."""

from __future__ import annotations

from dataclasses import dataclass, field

from dialogues import meanings
from dialogues.model import Option
from dialogues.problems import Place, did_you_mean
from dialogues.reading.grammar import MOST_OPTIONS
from dialogues.reading.names import check_option
from dialogues.reading.nodes import Fields, Node, Scalar
from dialogues.reading.sheet import Sheet, tidy


@dataclass(slots=True)
class Options:
    """The options of one question, with the names of options and groups as they stand in the file."""

    options: list[Option] = field(default_factory=list)
    names: list[Scalar] = field(default_factory=list)
    groups: list[Scalar] = field(default_factory=list)
    texts: list[Scalar] = field(default_factory=list)


def read_options(sheet: Sheet, place: Place) -> Options:
    """What stands under ``options``."""
    found = Options()
    node = sheet.node("options") if sheet.needs("options", "A question to choose from", place) else None
    if node is None:
        return found
    if not isinstance(node, Fields):
        sheet.findings.add("MV008", node.place, "Options belong here.", 'Write one on each line: "name: Text".')
    elif "groups of" in sheet:
        _groups(sheet, node, found)
    else:
        _options(sheet, node, "", found)
    return found


def enough(sheet: Sheet, found: Options, own_words: bool) -> None:
    """Somebody who chooses needs two options."""
    if isinstance(sheet.node("options"), Fields) and len(found.options) + own_words < 2:
        message = "There is only one option here." if found.options else "There is no option here."
        sheet.findings.add("MV030", sheet.key_place("options"), message, "Add one, or ask in another way.")


def most(sheet: Sheet, available: int) -> int | None:
    """How many of the available options can be chosen together."""
    count = sheet.whole("most")
    node = sheet.node("most")
    if count is None or node is None or available < 2 or 2 <= count <= available:
        return count
    message = f'"most" can be from 2 to {available}, because there are {available} options.'
    hint = (
        'For a single choice, write "answer: one of".' if count < 2 else "Write a smaller number, or delete the line."
    )
    sheet.findings.add("MV035", node.place, message, hint)
    return None


def among(sheet: Sheet, key: str, names: list[Scalar], what: str) -> frozenset[str]:
    """The words under a key, each of which has to be one of the names."""
    known = [name.value for name in names]
    words = sheet.words(key)
    for word in words:
        if known and word.value not in known:
            hint = did_you_mean(word.value, known, f"Possible here: {', '.join(known[:12])}.")
            sheet.findings.add("MV024", word.place, f'This question has no {what} "{word.value}".', hint)
    return frozenset(word.value for word in words)


def _groups(sheet: Sheet, node: Fields, found: Options) -> None:
    for name, group in node.pairs.values():
        found.groups.append(name)
        if isinstance(group, Fields):
            _options(sheet, group, name.value, found)
        else:
            message = f'The options of the group "{name.value}" belong here.'
            sheet.findings.add("MV008", group.place, message, "Write them on the next lines, indented.")


def _options(sheet: Sheet, node: Fields, group: str, found: Options) -> None:
    given = meanings.named_by(sheet.tags())
    for name, value in node.pairs.values():
        if len(found.options) == MOST_OPTIONS:
            message = f"This question has more than {MOST_OPTIONS} options."
            sheet.findings.add("MV002", name.place, message, "Ask in another way, or with groups in several questions.")
            return
        if _doubled(sheet, name, found):
            continue
        if name.value not in given:
            check_option(name, sheet.findings)
        text = _text(sheet, name, value)
        if text is not None:
            _same_text(sheet, text, found)
            found.texts.append(text)
        found.names.append(name)
        found.options.append(Option(name.value, tidy(text) if text else name.value, group, name.place.line))


def _doubled(sheet: Sheet, name: Scalar, found: Options) -> bool:
    """Whether the name stands in another group already (within one group, that is seen before)."""
    first = next((other for other in found.names if other.value == name.value), None)
    if first is not None:
        message = f'"{name.value}" is here twice. The first one is on line {first.place.line}.'
        sheet.findings.add("MV004", name.place, message, "Give one of them another name, or delete it.")
    return first is not None


def _text(sheet: Sheet, name: Scalar, node: Node) -> Scalar | None:
    if isinstance(node, Fields) and any(isinstance(value, Scalar) and value.value for _, value in node.pairs.values()):
        message = f'The text of the option "{name.value}" belongs here.'
        sheet.findings.add("MV008", node.place, message, 'For options in groups, write "groups of:" as well.')
        return None
    return sheet.short(node)


def _same_text(sheet: Sheet, text: Scalar, found: Options) -> None:
    wanted = tidy(text).casefold()
    first = next((other for other in found.texts if tidy(other).casefold() == wanted), None)
    if first is not None:
        message = f'"{tidy(text)}" is the text of two options. The first one is on line {first.place.line}.'
        sheet.findings.add("MV031", text.place, message, "Change one of them, or delete it.")
