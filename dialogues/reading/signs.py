"""Signs: the characters of a script file, before anything is read into them."""

from __future__ import annotations

import re
import unicodedata

from dialogues.problems import Findings, Place

LARGEST = 256 * 1024
"""Bytes of UTF-8; a real check-in has about 10,000."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]")
_LOST = "\ufffd"
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_END_OF = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | {
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}


def plain(text: str | bytes, findings: Findings) -> str | None:
    """The text with ``\\n`` at the end of every line and without a byte order mark, or None when it is not text that
    can be read on."""
    if len(text) > LARGEST or (isinstance(text, str) and len(text.encode("utf-8", "surrogatepass")) > LARGEST):
        findings.add(
            "MV002", Place(1, 1), "This file is larger than 256 KiB.", "Split the script into several dialogues."
        )
        return None
    decoded = _decoded(text, findings) if isinstance(text, bytes) else text
    if decoded is None:
        return None
    lines = decoded.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    readable = [_readable(number, line, findings) for number, line in enumerate(lines, 1)]
    if not all(readable):
        return None
    for number, line in enumerate(lines, 1):
        _look_for_lost(number, line, findings)
        _look_for_tabs(number, line, findings)
        _look_for_turns(number, line, findings)
    return "\n".join(lines).replace("\t", " ")


def _decoded(data: bytes, findings: Findings) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        before = data[data.rfind(b"\n", 0, error.start) + 1 : error.start]
        place = Place(line, len(before.decode("utf-8")) + 1)
        findings.add("MV001", place, "This file is not saved as UTF-8.", 'Save it again, with the encoding "UTF-8".')
        return None


def _readable(number: int, line: str, findings: Findings) -> bool:
    found = _CONTROL.search(line)
    if found is None:
        return True
    place = Place(number, found.start() + 1)
    message = f"There is an invisible sign here that is not text (U+{ord(found.group()):04X})."
    findings.add("MV001", place, message, "Delete it, or type the word again.")
    return False


def _look_for_lost(number: int, line: str, findings: Findings) -> None:
    """What stands where a file that is not UTF-8 was read all the same."""
    if _LOST in line:
        message = "A sign is lost here, because the file is not saved as UTF-8."
        findings.add("MV001", Place(number, line.index(_LOST) + 1), message, "Type the word again.")


def _look_for_tabs(number: int, line: str, findings: Findings) -> None:
    if "\t" in line:
        findings.add("MV006", Place(number, line.index("\t") + 1), "There is a tab here.", "Put spaces in its place.")


def _look_for_turns(number: int, line: str, findings: Findings) -> None:
    """Every mark that turns the direction of writing ends on its own line (otherwise a file can show something else
    than it says: Boucher and Anderson, "Trojan Source", 2021)."""
    ends: list[tuple[str, int]] = []
    for found in _TURNING.finditer(line):
        mark = found.group()
        if mark in _END_OF:
            ends.append((_END_OF[mark], found.start()))
        elif ends and ends[-1][0] == mark:
            ends.pop()
        else:
            ends.append(("", found.start()))
    if ends:
        place = Place(number, ends[0][1] + 1)
        name = unicodedata.name(line[ends[0][1]]).lower()
        findings.add("MV007", place, f'An invisible mark ("{name}") has no other half on this line.', "Delete it.")
