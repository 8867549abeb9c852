"""Wished: which of the offered languages somebody reads whose telephone or browser says what it is set to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

READ_AS: Mapping[str, str] = {"no": "nb", "nn": "nb", "prs": "fa_AF", "pes": "fa", "mo": "ro"}
"""What phones and browsers may be set to -> the language that whoever reads it reads as well. It counts only where the
first is not offered itself."""


def nearest(tag: str, offered: Iterable[str]) -> str:
    """The language for a tag such as ``pt-br``, ``fa_AF`` or ``uk-Cyrl-UA``, as it is offered; "" where nobody can say
    that this person reads any of them. That a language is a neighbour's, or is written in the same letters, does not
    count: who reads Pashto or Ukrainian chooses Dari or Russian themselves."""
    by_tag = {code.casefold(): code for code in offered}
    parts = tag.strip().replace("-", "_").casefold().split("_")
    alone = READ_AS.get(parts[0], "").casefold() if parts[0] not in by_tag else ""
    tries = ["_".join(parts), f"{parts[0]}_{parts[-1]}", parts[0], alone, alone.partition("_")[0]]
    return next((by_tag[each] for each in tries if each in by_tag), "")


def first_of(header: str, offered: Iterable[str]) -> str:
    """The same for an ``Accept-Language`` (RFC 9110, 12.5.4): what is wished most comes first, what weighs 0 never."""
    known = tuple(offered)
    wished = [(weight, tag) for tag, weight in map(_weighed, header.split(",")) if weight > 0]
    found = (nearest(tag, known) for _, tag in sorted(wished, key=lambda each: -each[0]))
    return next(filter(None, found), "")


def _weighed(part: str) -> tuple[str, float]:
    """A tag and its weight. One that cannot be read is no wish."""
    tag, _, weight = part.replace(" ", "").partition(";q=")
    try:
        return tag, float(weight or 1)
    except ValueError:
        return tag, 0.0
