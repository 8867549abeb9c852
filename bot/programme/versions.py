"""Versions: how the programme file and what was agreed to become the programme that is in force.

The first file is version 1. Afterwards the file may change what one person may change, and nothing that is guarded:
there what was agreed to goes on, until two people have agreed to something else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from bot.programme.blocks import NotInBlocks, with_keys_of
from bot.programme.guarded import OPEN, changed, needs_two
from bot.programme.programme import Programme, ProgrammeRefused, read_programme
from storage import programmes
from storage.programmes import Version, fingerprint
from storage.vault import Vault

START = "start"
"""Who brings in what stands in the file, when Medvind starts."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The programme in force. ``version`` is 0 before the first was stored. ``waits`` are the guarded keys in which the
    file says something that two people have not agreed to."""

    version: int
    text: str = field(repr=False)
    programme: Programme
    waits: tuple[str, ...] = ()
    is_new: bool = False
    """It differs from the latest version, and one person may do that."""


def readable(text: str) -> Programme:
    """The programme of a stored text: no day in it is later than the end of time. Raises ProgrammeRefused."""
    return read_programme(text, date.max)


def standing(conn: Connection, vault: Vault, text: str, today: date, file: str = "programme.yaml") -> Standing:
    """What is in force beside a programme file with this text. Changes nothing. Raises ProgrammeRefused for the file.

    A version that this Medvind cannot read any more counts as none: the file is the only programme then.
    """
    written = read_programme(text, today, file)
    version = programmes.latest(conn, vault)
    before = readable_still(version)
    if version is None or before is None:
        return Standing(0 if version is None else version.version, text, written, is_new=True)
    waits = changed(before, written) if needs_two(before, written) else ()
    if version.file == fingerprint(text):
        return Standing(version.version, version.text, before, waits)
    made = text if not waits else _merged(text, version.text)
    programme = _sound(made, before)
    if programme is None:
        return Standing(version.version, version.text, before, waits)
    return Standing(version.version, made, programme, waits, is_new=True)


def bring_in(
    conn: Connection, vault: Vault, text: str, today: date, now: datetime, file: str = "programme.yaml"
) -> Standing:
    """The same, and what is new is stored as a version. Raises ProgrammeRefused."""
    programmes.lock(conn)
    found = standing(conn, vault, text, today, file)
    if not found.is_new:
        return found
    number = programmes.publish(conn, vault, found.text, file=fingerprint(text), by=START, now=now)
    return Standing(number, found.text, found.programme, found.waits)


def in_force(conn: Connection, vault: Vault) -> Standing | None:
    """The latest version, if there is one that this Medvind can read."""
    version = programmes.latest(conn, vault)
    programme = readable_still(version)
    return None if version is None or programme is None else Standing(version.version, version.text, programme)


def readable_still(version: Version | None) -> Programme | None:
    """Its programme. None without a version, and for one that this Medvind cannot read any more."""
    if version is None:
        return None
    try:
        return readable(version.text)
    except ProgrammeRefused:
        return None


def _merged(text: str, agreed: str) -> str:
    """The file with everything that is guarded as it was agreed to; "" where the file cannot be taken apart."""
    try:
        return with_keys_of(text, agreed, OPEN)
    except NotInBlocks:
        return ""


def _sound(text: str, before: Programme) -> Programme | None:
    """What the text says, if it changes nothing that is guarded and can be read."""
    try:
        made = readable(text) if text else None
    except ProgrammeRefused:
        return None
    return made if made is not None and not needs_two(before, made) else None
