"""Wording: every text of Medvind's own, in English. A pair is singular and plural, with the number as ``{n}``."""

from __future__ import annotations

from collections.abc import Mapping

from bot.wording.chat import CHAT
from bot.wording.console import CONSOLE

WORDING: Mapping[str, str | tuple[str, str]] = {**CHAT, **CONSOLE}
