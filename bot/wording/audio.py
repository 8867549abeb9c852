"""What stands beside a recording of a text."""

from __future__ import annotations

from collections.abc import Mapping

AUDIO: Mapping[str, str | tuple[str, str]] = {
    "ui/audio.message": "Listen to this text",
    "ui/audio.option": "Listen: {option}",
}
