"""Fallback: what else can be tried with a message that the channel refused."""

from __future__ import annotations

import re

from bot.delivery.outcomes import Part, Pictured, Voiced

_FORM = re.compile(r"keyboard|button|markup|entit", re.IGNORECASE)
_LENGTH = re.compile(r"too long|too_long", re.IGNORECASE)
_ENDS = (re.compile(r"\n\n+"), re.compile(r"\n"), re.compile(r"(?<=[.!?。؟।…])\s+"), re.compile(r"\s+"))
"""Where a text may be cut, the best first: paragraphs, lines, sentences, words."""

_OPENS, _CLOSES = re.compile("[\u2066-\u2068]"), re.compile("\u2069")


def instead(part: Part, cause: str) -> tuple[Part, ...]:
    """What to send in place of a refused part, or nothing when only the part itself is at fault."""
    if part.edits or not part.text:
        return ()
    if isinstance(part, Pictured | Voiced):
        return (Part(part.text, part.keyboard),)
    if _LENGTH.search(cause):
        return halves(part)
    if part.keyboard and _FORM.search(cause):
        return (Part(part.text),)
    return ()


def halves(part: Part) -> tuple[Part, ...]:
    """The part as two messages, the keyboard under the second; nothing where the text can be cut nowhere.

    It is never cut inside a word, nor between the marks around a name.
    """
    middle = len(part.text) // 2
    for ends in _ENDS:
        cuts = [cut for cut in ends.finditer(part.text) if _parts_it(part.text, cut)]
        if cuts:
            cut = min(cuts, key=lambda found: abs(found.start() - middle))
            return Part(part.text[: cut.start()]), Part(part.text[cut.end() :], part.keyboard)
    return ()


def _parts_it(text: str, cut: re.Match[str]) -> bool:
    before, after = text[: cut.start()], text[cut.end() :]
    if not before.strip() or not after.strip():
        return False
    # A cut near an end would leave a half that is as long as the whole.
    if min(len(before), len(after)) * 4 < len(text):
        return False
    return len(_OPENS.findall(before)) <= len(_CLOSES.findall(before))
