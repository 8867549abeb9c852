"""Under: what stands under people's words on the staff pages: translations into the language of the reader, and on the
page of one person the forms in which one is written. Each words have one form, where they stand first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from bot.console.desk import Desk
from bot.digest.beside import Under, Writing
from bot.digest.history import SharedCard
from bot.translating.reading import Found, for_reader
from bot.translating.words import Words, in_agreements, in_lines, words_of
from storage.agreements import Agreement
from storage.people import Participant, Staff


@dataclass(frozen=True, slots=True)
class Refused:
    """A translation that was typed and cannot be used: of which words (``key``), what was typed, and why not."""

    key: str = ""
    text: str = field(default="", repr=False)
    why: str = ""


def with_translations(conn: Connection, desk: Desk, staff: Staff, shared: Sequence[SharedCard]) -> list[SharedCard]:
    """The cards, with the translations that this reader has of the words in them. One statement for all."""
    wanted: dict[int, set[Words]] = {}
    for card in shared:
        wanted.setdefault(card.participant_id, set()).update(in_lines(card.lines, card.language))
    found = for_reader(conn, desk.vault, wanted, staff.language)
    if not found:
        return list(shared)
    return [replace(card, under=Under(found.get(card.participant_id, {}))) for card in shared]


def with_forms(
    conn: Connection,
    desk: Desk,
    staff: Staff,
    who: Participant,
    shared: Sequence[SharedCard],
    made: Sequence[Agreement],
    refused: Refused,
) -> tuple[list[SharedCard], Under]:
    """The cards of one person with translations and forms, and what stands under the words of their agreements. Words
    of a conversation in the reader's own language have no form."""
    every = _every(shared, made)
    found = for_reader(conn, desk.vault, {who.id: every}, staff.language).get(who.id, {})
    foreign = (words for words in every if words.language != staff.language or words in found)
    left = {words: _form(who, words, found, staff.language, refused) for words in foreign}
    cards = [replace(card, under=Under(found, _in_card(card, left))) for card in reversed(shared)]
    return cards[::-1], Under(found, _in_agreements(made, left))


def _in_card(card: SharedCard, left: dict[Words, Writing]) -> dict[str, Writing]:
    """The forms of one card: those of its words that have none yet."""
    forms: dict[str, Writing] = {}
    for line in card.lines:
        if (form := left.pop(words_of(line.answer.words, card.language), None)) is not None:
            forms[line.id] = form
    return forms


def _in_agreements(made: Sequence[Agreement], left: dict[Words, Writing]) -> dict[str, Writing]:
    """The same for what agreements say that are not over."""
    forms: dict[str, Writing] = {}
    for number, now in {one.number: one for one in made}.items():
        for name, text in (("what", now.what), ("sign", now.sign)) if now.state in ("proposed", "active") else ():
            if (form := left.pop(words_of(text, now.language), None)) is not None:
                forms[f"{number}|{name}"] = form
    return forms


def _form(who: Participant, words: Words, found: Found, language: str, refused: Refused) -> Writing:
    there, key = found.get(words), words.mark(who.cipher).hex()
    own = there.text if there and there.by is not None else ""
    form = Writing(f"/people/{who.id}/translation", key, language, own, removable=bool(own))
    return replace(form, text=refused.text, trouble=refused.why) if refused.key == key else form


def marked(who: Participant, shared: Sequence[SharedCard], made: Sequence[Agreement]) -> Mapping[str, Words]:
    """The words on the page of one person, by what a form calls them."""
    return {words.mark(who.cipher).hex(): words for words in _every(shared, made)}


def _every(shared: Sequence[SharedCard], made: Sequence[Agreement]) -> set[Words]:
    return {*(words for card in shared for words in in_lines(card.lines, card.language)), *in_agreements(made)}
