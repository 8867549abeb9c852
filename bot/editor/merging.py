"""Merging: two people changed one text at the same time. What one of them changed is taken over line by line; where
both changed the same lines, somebody has to choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Choice = Literal["mine", "theirs", "both"]


@dataclass(frozen=True, slots=True)
class Both:
    """Lines that both changed, each in another way. ``line`` is where they begin in the merged text, from 1."""

    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    line: int = 0


Piece = tuple[str, ...] | Both


@dataclass(frozen=True, slots=True)
class Merge:
    """Two texts that came of one, laid together."""

    pieces: tuple[Piece, ...]

    @property
    def conflicts(self) -> tuple[Both, ...]:
        """Where somebody has to choose, from the top."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Both))

    def text(self, choices: Mapping[int, Choice] | None = None) -> str:
        """The text with these choices, by the number of the conflict. Without one, both stand there."""
        lines: list[str] = []
        number = 0
        for piece in self.pieces:
            if isinstance(piece, Both):
                lines.extend(_chosen(piece, (choices or {}).get(number, "both")))
                number += 1
            else:
                lines.extend(piece)
        return "\n".join(lines)


def _chosen(piece: Both, choice: Choice) -> tuple[str, ...]:
    if choice == "mine":
        return piece.mine
    return piece.theirs if choice == "theirs" else (*piece.mine, *piece.theirs)


def merged(base: str, mine: str, theirs: str) -> Merge:
    """Lay two texts together that were both made from ``base``."""
    three = [text.split("\n") for text in (base, mine, theirs)]
    pieces: list[Piece] = []
    line = 1
    for piece in _pieces(*three):
        if isinstance(piece, Both):
            pieces.append(Both(piece.base, piece.mine, piece.theirs, line))
            line += len(piece.mine) + len(piece.theirs)
        else:
            pieces.append(piece)
            line += len(piece)
    return Merge(tuple(pieces))


def _pieces(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[Piece]:
    """Stretches that all three share, and what stands between them (Khanna, Kunal and Pierce, "A Formal Investigation
    of Diff3", 2007)."""
    at_base = at_mine = at_theirs = 0
    for in_base, in_mine, in_theirs, length in _shared(base, mine, theirs):
        between = (
            tuple(base[at_base:in_base]),
            tuple(mine[at_mine:in_mine]),
            tuple(theirs[at_theirs:in_theirs]),
        )
        yield from _settled(*between)
        if length:
            yield tuple(base[in_base : in_base + length])
        at_base, at_mine, at_theirs = in_base + length, in_mine + length, in_theirs + length


def _settled(base: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]) -> Iterator[Piece]:
    if mine == theirs or theirs == base:
        found: Piece = mine
    elif mine == base:
        found = theirs
    else:
        found = Both(base, mine, theirs)
    if found:
        yield found


def _shared(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where in the three texts the same lines stand, and how many; at last the three ends."""
    ours, others = _matches(base, mine), _matches(base, theirs)
    line = 0
    while line < len(base):
        if line not in ours or line not in others:
            line += 1
            continue
        length = 1
        while _goes_on(ours, line, length) and _goes_on(others, line, length):
            length += 1
        yield line, ours[line], others[line], length
        line += length
    yield len(base), len(mine), len(theirs), 0


def _goes_on(found: Mapping[int, int], line: int, length: int) -> bool:
    return found.get(line + length) == found[line] + length


def _matches(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Line of the base -> the same line of the other."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
