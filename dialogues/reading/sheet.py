"""Sheet: the keys of one thing in a script (its top, a step), read one by one.

A misspelt key is reported and then read as what was meant, so that one slip is one problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from dialogues import durations
from dialogues.problems import Findings, Place, did_you_mean, nearest
from dialogues.reading.grammar import LONGEST_SHORT_TEXT, LONGEST_TEXT, STEP_KEYS, TAG, TOP_KEYS
from dialogues.reading.nodes import Fields, Items, Node, Scalar

_WHOLE = re.compile(r"[0-9]{1,4}")
_QUESTIONS = re.compile(r"([1-9][0-9]?) questions?")


class Sheet:
    """Some fields of a script, known by the keys that may stand there."""

    def __init__(self, fields: Fields, known: Iterable[str], findings: Findings) -> None:
        self.place = fields.place
        self.findings = findings
        self._known = tuple(known)
        self.short_texts: list[Scalar] = []
        """Texts of options, points and labels, as they were read."""
        self._pairs: dict[str, tuple[Scalar, Node]] = {}
        for written, pair in fields.pairs.items():
            key = written if written in self._known else self._unknown(pair[0], fields)
            if key and key not in self._pairs:
                self._pairs[key] = pair

    def __contains__(self, key: str) -> bool:
        return key in self._pairs

    def node(self, key: str) -> Node | None:
        """What stands under a key."""
        return self._pairs[key][1] if key in self._pairs else None

    def key_place(self, key: str) -> Place:
        """Where a key stands; the beginning of the sheet when it does not."""
        return self._pairs[key][0].place if key in self._pairs else self.place

    def only(self, allowed: Iterable[str], what: str) -> None:
        """Report the keys that say nothing about ``what``."""
        for key in self._pairs.keys() - set(allowed):
            message = f'"{key}" does not belong to {what}.'
            self.findings.add("MV013", self.key_place(key), message, "Delete it, or move it to where it belongs.")
            del self._pairs[key]

    def needs(self, key: str, what: str, place: Place | None = None) -> bool:
        """Whether a key is there; if not, its absence is reported for ``what``."""
        if key not in self._pairs:
            self.findings.add("MV012", place or self.place, f'{what} needs "{key}:".', "Add a line for it.")
        return key in self._pairs

    def word(self, key: str) -> Scalar | None:
        """One word or short phrase of the format."""
        node = self.node(key)
        return None if node is None else self.as_scalar(node, f'After "{key}:" stands one word or a short text.')

    def text(self, key: str) -> Scalar | None:
        """A text of a step."""
        node = self.node(key)
        return None if node is None else self._as_text(node, LONGEST_TEXT)

    def title(self) -> Scalar | None:
        """The title of the dialogue."""
        node = self.node("title")
        return None if node is None else self._as_text(node, LONGEST_SHORT_TEXT)

    def words(self, key: str) -> list[Scalar]:
        """One word or a list of them."""
        node = self.node(key)
        nodes = node.items if isinstance(node, Items) else [] if node is None else [node]
        if isinstance(node, Items) and not nodes:
            self.findings.add("MV015", node.place, "This list is empty.", "Write its lines, or delete it.")
        found = [self.as_scalar(each, f'Under "{key}:" stands one word, or a list of words.') for each in nodes]
        return [each for each in found if each is not None]

    def yes(self, key: str) -> bool:
        """A key that is switched on with "yes"."""
        word = self.word(key)
        if word is not None and word.value not in ("yes", "no"):
            message = f'After "{key}:" stands yes or no, not "{word.value}".'
            self.findings.add("MV020", word.place, message, did_you_mean(word.value, ("yes", "no"), "Write yes."))
        return word is not None and word.value == "yes"

    def one_of(self, key: str, known: Iterable[str], otherwise: str) -> str:
        """One of a few words, or "". ``otherwise`` says what is wrong with another one, in whose place stands {}."""
        word, known = self.word(key), tuple(known)
        if word is None or word.value in known:
            return "" if word is None else word.value
        hint = did_you_mean(word.value, known, f"Possible are: {', '.join(known)}.")
        self.findings.add("MV020", word.place, otherwise.format(word.value), hint)
        return ""

    def whole(self, key: str) -> int | None:
        """A whole number."""
        word = self.word(key)
        if word is None or _WHOLE.fullmatch(word.value):
            return None if word is None else int(word.value)
        message = f'After "{key}:" stands a whole number, not "{word.value}".'
        self.findings.add("MV020", word.place, message, f'Write it in digits, like "{key}: 3".')
        return None

    def questions(self, key: str, most: int) -> int | None:
        """A number of questions, at most ``most``."""
        word = self.word(key)
        found = _QUESTIONS.fullmatch(word.value) if word else None
        if word is None or (found is not None and int(found[1]) <= most):
            return int(found[1]) if found else None
        message = f'After "{key}:" stands a number of questions from 1 to {most}, not "{word.value}".'
        self.findings.add("MV020", word.place, message, f'Write it like "{key}: 7 questions".')
        return None

    def length(self, key: str, longest: timedelta) -> timedelta | None:
        """A length of time, at most ``longest``."""
        word = self.word(key)
        length = durations.duration(word.value) if word else None
        if word is not None and length is None:
            likely = durations.meant(word.value)
            hint = f'Did you mean "{likely}"?' if likely else "Write it like 2 hours, 1 day or 3 weeks."
            self.findings.add("MV041", word.place, f'"{word.value}" is not a length of time.', hint)
        elif word is not None and length is not None and length > longest:
            message = f'"{word.value}" is too long here.'
            self.findings.add("MV041", word.place, message, f"The longest is {longest.days} days.")
        return length

    def tags(self) -> tuple[str, ...]:
        """The words for reports."""
        found = self.words("tags")
        for word in found:
            if not TAG.fullmatch(word.value):
                hint = "Use small letters, digits and - _ . : only."
                self.findings.add("MV055", word.place, f'"{word.value}" cannot be a tag.', hint)
        return tuple(word.value for word in found)

    def as_scalar(self, node: Node, instead: str) -> Scalar | None:
        """A node that has to be a word or a text."""
        if isinstance(node, Fields) and _is_text_in_braces(node):
            message = "A text that begins with { needs quotes."
            self.findings.add("MV008", node.place, message, 'Write it like "{name}", with the quotes.')
            return None
        if not isinstance(node, Scalar):
            what = "a list" if isinstance(node, Items) else "a group of lines"
            self.findings.add("MV008", node.place, f"There is {what} here.", instead)
            return None
        if not node.value.strip():
            self.findings.add("MV015", node.place, "Nothing stands here.", "Write something, or delete the line.")
            return None
        return node

    def short(self, node: Node) -> Scalar | None:
        """A node that has to be the text of an option, a point or a label."""
        found = self._as_text(node, LONGEST_SHORT_TEXT)
        if found is not None:
            self.short_texts.append(found)
        return found

    def _as_text(self, node: Node, longest: int) -> Scalar | None:
        found = self.as_scalar(node, "A text belongs here.")
        if found is not None and found.note and not found.raw.startswith(("'", '"', "|", ">")):
            message = "What stands after # on this line is a note, and not a part of the text."
            self.findings.add("MV005", found.place, message, "Put the text in quotes, or the note on another line.")
        if found is not None and len(tidy(found)) > longest:
            message = f"This text has {len(tidy(found))} signs. At most {longest} are read here."
            self.findings.add("MV018", found.place, message, "Make it shorter.")
        return found

    def _unknown(self, key: Scalar, fields: Fields) -> str:
        """Report a key that is not one, and say which one was meant."""
        free = [known for known in self._known if known not in fields.pairs]
        meant = nearest(key.value.lower(), free) if key.value.lower() not in free else key.value.lower()
        misplaced = key.value in STEP_KEYS or key.value in TOP_KEYS
        if misplaced:
            hint = "Look at its indentation: it belongs to another place."
        else:
            possible = (
                f"Possible here: {', '.join(free)}." if len(free) < 12 else "docs/scripts.md lists those that can."
            )
            hint = f'Did you mean "{meant}"?' if meant else possible
        self.findings.add("MV011", key.place, f'"{key.value}" is not a key that can stand here.', hint)
        return "" if misplaced else meant


def _is_text_in_braces(node: Fields) -> bool:
    """Whether somebody wrote {name} without quotes: YAML takes that for keys without values."""
    return all(isinstance(value, Scalar) and not value.raw for _, value in node.pairs.values())


def tidy(text: Scalar) -> str:
    """A text as people see it: without the spaces at its ends and at the ends of its lines."""
    return "\n".join(line.rstrip() for line in text.value.strip().split("\n"))
