"""QR: a link as a picture for the camera of a phone: in a terminal, in a file, or in a page."""

from __future__ import annotations

import io
import os
from pathlib import Path

import segno

KINDS = (".svg", ".png")
"""The kinds of files that can be written."""

_WHITE_ON_BLACK, _AS_BEFORE = "\x1b[97;40m", "\x1b[0m"
_QUIET = 4
"""Width of the white edge in modules, as ISO/IEC 18004 asks for."""


def in_terminal(link: str) -> str:
    """The picture in half blocks, white on black whatever colours the terminal has."""
    drawn = io.StringIO()
    _picture(link).terminal(drawn, border=_QUIET, compact=True)
    return "\n".join(f"{_WHITE_ON_BLACK}{line}{_AS_BEFORE}" for line in drawn.getvalue().splitlines())


def in_page(link: str) -> str:
    """An ``svg`` element as large as its surroundings. It is black on white in dark pages too: cameras want that."""
    return str(_picture(link).svg_inline(border=_QUIET, dark="#000", light="#fff", omitsize=True, svgclass=None))


def write(link: str, file: Path) -> None:
    """Write the picture, readable for its owner alone: whoever sees it can come in. Replaces a file that is there.

    Raises OSError, and ValueError when the name ends in none of ``KINDS``.
    """
    kind = file.suffix.lower()
    if kind not in KINDS:
        raise ValueError(f"a picture is a file that ends in {' or '.join(KINDS)}")
    drawn = io.BytesIO()
    _picture(link).save(drawn, kind=kind[1:], scale=8, border=_QUIET, dark="#000", light="#fff")
    with open(file, "wb", opener=_for_its_owner) as out:
        os.fchmod(out.fileno(), 0o600)
        out.write(drawn.getvalue())


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _picture(link: str) -> segno.QRCode:
    """Up to 15 % of it may be dirty or torn off."""
    return segno.make(link, error="m", micro=False)
