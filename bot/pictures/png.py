"""Png: a picture as a messenger takes it: black on white, three times as large where it is not too high for that.

It is drawn in a process of its own (``python -m bot.pictures.png``): what draws it lets nothing else run meanwhile, and
the words in it are whatever somebody wrote. So nobody's reply waits for a picture, a fault in it ends nothing but
itself, and whoever sends no picture does without the program and the fonts.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress

import msgspec

from bot.pictures.letters import FAMILY, FILES, is_drawable, without_signs
from bot.pictures.model import Picture
from bot.pictures.svg import drawn

MOST_PIXELS = 2560
"""The longer side of a picture as messengers show it. They make larger ones smaller."""
MOST_HIGH = 7000
"""Telegram takes no picture that is more than twenty times as high as wide."""
PATIENCE = 20.0
"""Seconds that drawing may take. Usually it is less than one."""

_ZOOM = 3.0
_REFUSED = 3
"""How the process ends when the picture cannot be drawn."""
_log = logging.getLogger(__name__)


class Undrawable(Exception):
    """It is too high, or somebody wrote letters that the fonts here do not have: nothing is better than empty boxes."""


class _Order(msgspec.Struct, frozen=True):
    picture: Picture
    from_right: bool


async def png_file(picture: Picture, *, from_right: bool) -> bytes:
    """The file. Raises Undrawable, also where drawing fails for a reason of ours."""
    command = (sys.executable, "-m", "bot.pictures.png")
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL  # what it would say could hold the words
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=nowhere)
    try:
        async with asyncio.timeout(PATIENCE):
            file, _ = await process.communicate(msgspec.json.encode(_Order(picture, from_right)))
    except TimeoutError:
        file = b""
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode == 0 and file:
        return file
    if process.returncode != _REFUSED:
        _log.error("a picture could not be drawn: the process ended with %s", process.returncode)
    raise Undrawable


def png(picture: Picture, *, from_right: bool) -> bytes:
    """The same, in this process. Raises Undrawable."""
    # Only here: the service itself never loads it.
    import resvg_py

    svg, high = drawn(picture, from_right=from_right)
    if high > MOST_HIGH or not is_drawable(svg):
        raise Undrawable
    return resvg_py.svg_to_bytes(
        svg_string=without_signs(svg),
        background="#ffffff",
        zoom=max(1.0, min(_ZOOM, MOST_PIXELS / high)),
        skip_system_fonts=True,
        font_files=[str(file) for file in FILES],
        font_family=FAMILY,
        sans_serif_family=FAMILY,
    )


def main() -> None:
    """Read an order from the standard input, and write the file to the standard output."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=_Order)
    try:
        sys.stdout.buffer.write(png(order.picture, from_right=order.from_right))
    except Undrawable:
        sys.exit(_REFUSED)


if __name__ == "__main__":
    main()
