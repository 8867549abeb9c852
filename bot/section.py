"""Section: one level of a YAML file that an operator writes. Every mistake in it is noted at its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml

T = TypeVar("T")
V = TypeVar("V")
Mistakes = list[tuple[int, str]]
"""Line (from 1) and a sentence that says what is wrong and what to do."""

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 10


class Section:
    """The keys of one mapping. Reading a key takes it; ``close`` notes the keys that nobody asked for.

    Every scalar is read as the text that stands there: ``yes`` is not true and ``116 123`` is not a number. A reader
    never raises: it notes the mistake and returns its fallback, so that all mistakes are found at once.
    """

    def __init__(self, node: yaml.MappingNode, mistakes: Mistakes, name: str = "") -> None:
        self.line = _line(node.start_mark)
        self._mistakes = mistakes
        self._name = f"{name}: " if name else ""
        self._known: list[str] = []
        self._nodes: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._wrong(key, "A key is one or a few words before a colon.")
                continue
            if key.value in self._nodes:
                self._wrong(key, f'"{key.value}" stands here twice. Keep one.')
            self._nodes[key.value] = value

    def text(self, key: str, fallback: str | None = None) -> str:
        """A text that is not empty; without a ``fallback`` it has to be there."""
        node = self._take(key)
        if node is None:
            if fallback is None:
                self.wrong(f'"{key}" is missing.')
            return fallback or ""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self._wrong(node, f'"{key}" needs a text on its line.')
            return fallback or ""
        return str(node.value).strip()

    def parsed(self, key: str, read: Callable[[str], T], fallback: T, *, needed: bool = True) -> T:
        """A text that ``read`` turns into something; the message of its ValueError is the mistake."""
        node = self._nodes.get(key)
        text = self.text(key, None if needed else "")
        if not text:
            return fallback
        try:
            return read(text)
        except ValueError as wrong:
            self._wrong(node, f'"{key}": {wrong}')
            return fallback

    def one_of(self, key: str, values: Iterable[str], fallback: str | None = None) -> str:
        """One of a few words. Without a ``fallback`` it has to be there."""
        values = list(values)

        def known(text: str) -> str:
            if text not in values:
                raise ValueError(f'"{text}" is not one of: {", ".join(values)}.{_did_you_mean(text, values)}')
            return text

        return self.parsed(key, known, fallback if fallback is not None else values[0], needed=fallback is None)

    def yes(self, key: str) -> bool:
        """Whether it says yes; no when it is not there."""
        return self.one_of(key, ("yes", "no"), "no") == "yes"

    def parsed_list(self, key: str, read: Callable[[str], T]) -> tuple[T, ...]:
        """A list whose every text ``read`` turns into something, empty when it is not there. Nothing stands twice."""
        found = list[T]()
        for item in self._items(key):
            try:
                value = read(item.value.strip())
            except ValueError as wrong:
                self._wrong(item, f'"{key}": {wrong}')
                continue
            if value in found:
                self._wrong(item, f'"{key}": "{item.value.strip()}" stands here twice. Keep one.')
            else:
                found.append(value)
        return tuple(found)

    def parsed_pairs(self, key: str, read: Callable[[str], T], beside: Callable[[str], V]) -> tuple[tuple[T, V], ...]:
        """The lines below a key, each a word and what stands after its colon; empty when the key is not there."""
        section = self.section(key, needed=False)
        if section is None:
            return ()
        pairs = [section._pair(word, read, beside) for word in section._nodes]
        return tuple(pair for pair in pairs if pair is not None)

    def section(self, key: str, *, needed: bool = True) -> Section | None:
        """The mapping below a key."""
        node = self._take(key)
        if node is None and not needed:
            return None
        if isinstance(node, yaml.MappingNode):
            return Section(node, self._mistakes, key)
        self._wrong(node, f'"{key}" needs keys below it, each on its own line and set in.')
        return None

    def sections(self, key: str) -> tuple[Section, ...]:
        """The list of mappings below a key, empty when it is not there."""
        node = self._take(key)
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(item, yaml.MappingNode) for item in items):
            self._wrong(node, f'"{key}" needs a list: each entry begins with "- " and has keys of its own.')
            return ()
        return tuple(Section(item, self._mistakes, f"{key}, {n}") for n, item in enumerate(items, 1))

    def close(self) -> None:
        """Note every key that was not asked for."""
        for key, node in self._nodes.items():
            if key not in self._known:
                self._wrong(node, f'I do not know "{key}".{_did_you_mean(key, self._known)}')

    def wrong(self, message: str) -> None:
        """Note a mistake of the section as a whole."""
        self._mistakes.append((self.line, self._name + message))

    def _pair(self, word: str, read: Callable[[str], T], beside: Callable[[str], V]) -> tuple[T, V] | None:
        second = self.parsed(word, beside, None)
        try:
            first = read(word)
        except ValueError as wrong:
            self._wrong(self._nodes[word], str(wrong))
            return None
        return None if second is None else (first, second)

    def _items(self, key: str) -> Sequence[yaml.ScalarNode]:
        """The words of a list. One word alone is a list of one."""
        node = self._take(key)
        if node is None:
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        words = [item for item in items if isinstance(item, yaml.ScalarNode) and item.value.strip()]
        if len(words) == len(items):
            return words
        self._wrong(node, f'"{key}" needs a list of words, like [one, two].')
        return ()

    def _take(self, key: str) -> yaml.Node | None:
        self._known.append(key)
        return self._nodes.get(key)

    def _wrong(self, node: yaml.Node | None, message: str) -> None:
        line = self.line if node is None else _line(node.start_mark)
        self._mistakes.append((line, self._name + message))


def _line(mark: Any) -> int:
    """The line of a YAML library's mark, which may be absent."""
    return 1 if mark is None else int(mark.line) + 1


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), 1)
    return f' Did you mean "{near[0]}"?' if near else ""


def read_yaml(text: str, mistakes: Mistakes) -> Section | None:
    """The top of a file, or None when it is no YAML or holds no keys. Anchors, tags and deep nesting are refused."""
    try:
        if refused := _refused(yaml.parse(text, Loader=_Loader)):
            mistakes.append(refused)
            return None
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as broken:
        hint = "Look at colons and how far lines are set in."
        mistakes.append((_line(broken.problem_mark), f"This cannot be read: {broken.problem}. {hint}"))
        return None
    except yaml.YAMLError:
        mistakes.append((1, "This cannot be read. Is it a plain text file in UTF-8?"))
        return None
    if not isinstance(node, yaml.MappingNode):
        mistakes.append((1, "There is nothing here that I can read. Write lines like: service: Name"))
        return None
    return Section(node, mistakes)


def _refused(events: Iterable[yaml.Event]) -> tuple[int, str] | None:
    """What such a file has no use for, found before anything is built from it."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            return _line(event.start_mark), "This is set in too deep."
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            return _line(event.start_mark), 'Signs like "&", "*" and "!" have no meaning here.'
    return None
