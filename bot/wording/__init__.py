"""Wording: every text of Medvind's own, in English. A pair is singular and plural, with the number as ``{n}``."""

from __future__ import annotations

from collections.abc import Mapping

from bot.wording.agreements import AGREEMENTS
from bot.wording.audio import AUDIO
from bot.wording.chat import CHAT
from bot.wording.console import CONSOLE
from bot.wording.digest import DIGEST
from bot.wording.enrolling import ENROLLING
from bot.wording.my_page import MY_PAGE
from bot.wording.numbers import NUMBERS
from bot.wording.own_checkin import OWN_CHECKIN
from bot.wording.pictures import PICTURES
from bot.wording.roles import ROLES

WORDING: Mapping[str, str | tuple[str, str]] = {
    **CHAT,
    **CONSOLE,
    **AGREEMENTS,
    **AUDIO,
    **DIGEST,
    **ENROLLING,
    **MY_PAGE,
    **NUMBERS,
    **OWN_CHECKIN,
    **PICTURES,
    **ROLES,
}
