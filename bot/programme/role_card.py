"""Reading the role card: what a programme file says that a specialist does, and who does the rest."""

from __future__ import annotations

from collections.abc import Callable

from bot.programme import words
from bot.roles import KINDS, Elsewhere, RoleCard
from bot.section import Section

Reader = Callable[[str], str]


def read_role_card(section: Section | None) -> RoleCard | None:
    """The card, or None where there is none. Each topic stands in it once."""
    if section is None:
        return None
    placed: dict[str, str] = {}
    card = RoleCard(
        does=section.parsed_list("does", _topic("does", placed)),
        together=section.parsed_list("together", _topic("together", placed)),
        instead=tuple(_elsewhere(each, placed) for each in section.sections("instead")),
        line=section.line,
    )
    named: set[str] = set()
    for each in card.instead:
        if each.id in named:
            section.wrong(f'"{each.id}" stands in the list "instead" twice. Put its topics together.')
        named.add(each.id)
    if not placed:
        section.wrong('A role card needs topics below "does", "together" or "instead".')
    section.close()
    return card


def _elsewhere(section: Section, placed: dict[str, str]) -> Elsewhere:
    name = section.parsed("id", words.place, "")
    who = Elsewhere(
        id=name,
        who=section.text("who"),
        kind=section.one_of("kind", KINDS),
        call=section.parsed("call", words.number, "", needed=False),
        topics=section.parsed_list("topics", _topic(name, placed)),
    )
    if not who.topics:
        section.wrong('"topics" needs what they do, like [money, letters].')
    section.close()
    return who


def _topic(place: str, placed: dict[str, str]) -> Reader:
    """A reader of topics that belong to ``place``. ``placed`` holds the place of those that were read before."""

    def read(text: str) -> str:
        topic = words.topic(text)
        if topic in placed:
            raise ValueError(f'"{topic}" stands under "{placed[topic]}" already. A topic has one place.')
        placed[topic] = place
        return topic

    return read
