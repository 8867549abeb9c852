"""Wording: every text of Medvind's own, in English. A pair is singular and plural, with the number as ``{n}``."""

from __future__ import annotations

from collections.abc import Mapping

from bot.wording.agreements import AGREEMENTS
from bot.wording.audio import AUDIO
from bot.wording.chat import CHAT
from bot.wording.console import CONSOLE
from bot.wording.digest import DIGEST
from bot.wording.editing import EDITING
from bot.wording.emergency import EMERGENCY
from bot.wording.enrolling import ENROLLING
from bot.wording.hours import HOURS
from bot.wording.log import LOG
from bot.wording.my_page import MY_PAGE
from bot.wording.numbers import NUMBERS
from bot.wording.offers import OFFERS
from bot.wording.office import OFFICE
from bot.wording.own_checkin import OWN_CHECKIN
from bot.wording.own_words import OWN_WORDS
from bot.wording.pictures import PICTURES
from bot.wording.preview import PREVIEW
from bot.wording.programme import PROGRAMME
from bot.wording.reviewing import REVIEWING
from bot.wording.roles import ROLES
from bot.wording.signing_in import SIGNING_IN

WORDING: Mapping[str, str | tuple[str, str]] = {
    **CHAT,
    **CONSOLE,
    **AGREEMENTS,
    **AUDIO,
    **DIGEST,
    **EDITING,
    **EMERGENCY,
    **ENROLLING,
    **HOURS,
    **LOG,
    **MY_PAGE,
    **NUMBERS,
    **OFFERS,
    **OFFICE,
    **OWN_CHECKIN,
    **OWN_WORDS,
    **PICTURES,
    **PREVIEW,
    **PROGRAMME,
    **REVIEWING,
    **ROLES,
    **SIGNING_IN,
}
