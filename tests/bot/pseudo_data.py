"""PseudoData: what stands on pages in a pseudo-language and is none of its texts: names, and what people wrote."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import available_timezones

import yaml

from bot.catalogs import Catalogs
from bot.catalogs.language import language, locale_of
from bot.config import EXAMPLE
from bot.programme import load_programme
from bot.wording import WORDING
from dialogues.model import Ask, Script
from dialogues.texts import texts_of
from tests.bot.digest_samples import NOW
from tests.bot.route_rights import ROLES

DATA = {"O.O.", "Name of", "Only for whom it was shared with", "checkin", "A short check-in", "Ctrl+Space", "staff:1"}
DATA |= {"Kim", "medvind drafts", "one, other", *WORDING, *(role.title() for role in ROLES)}
"""Names, and what people wrote, on the staff pages."""
PLACES = {part for zone in available_timezones() for each in zone.split("/") for part in (each, each.replace("_", " "))}


def own_names(loaded: Catalogs) -> set[str]:
    """What languages call themselves, which is the same on every page: those at hand, and all of the programme."""
    offered = load_programme(EXAMPLE, NOW.date()).languages
    names = {loaded.name(code) for code in loaded.languages} | {language(code).name for code in offered}
    return names | {name[:1].upper() + name[1:] for name in names}


def of_the_programme() -> set[str]:
    """What an operator wrote, and what the languages are called that are spoken on the telephone."""
    file = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    spoken = {code for line in load_programme(EXAMPLE, NOW.date()).lines for code in line.languages}
    return set(_leaves(file)) | {locale_of(code).get_display_name("en") or "" for code in spoken} - {""}


def _leaves(value: object) -> Iterator[str]:
    """Every text in a file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _leaves(each)


def names_in(script: Script) -> Iterator[str]:
    """What steps, options and texts of a script are called, which no participant sees."""
    yield from (text.context for text in texts_of(script))
    for step in script.steps:
        yield step.key.partition("/")[2]
        yield from (
            name for option in (step.options if isinstance(step, Ask) else ()) for name in (option.name, option.group)
        )
