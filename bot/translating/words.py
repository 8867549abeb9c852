"""Words: which own words staff can see, and by what their translations are found and forgotten.

A translation belongs to words, not to a place: the same words beside a card, a request and an agreement have the same
one. When nothing that staff can see has these words any more, the translation goes with them, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from bot.lines import CardLine, decode_lines
from storage import agreements, own, translations
from storage.agreements import Agreement
from storage.vault import Cipher


class Words(NamedTuple):
    """What somebody wrote, without needless spaces, and the language of the conversation in which they did."""

    language: str
    text: str

    def mark(self, cipher: Cipher) -> bytes:
        """By what a translation of them is found. Only the person's key tells which words it stands for."""
        return cipher.mark(f"{self.language}\0{self.text}")


def words_of(text: str, language: str) -> Words:
    """These words as they are looked up."""
    return Words(language, " ".join(text.split()))


def in_lines(lines: Iterable[CardLine], language: str) -> Iterator[Words]:
    """The own words in the lines of a card. A line that was withdrawn has none."""
    return (words_of(line.answer.words, language) for line in lines if line.answer.words.strip())


def in_agreements(revisions: Iterable[Agreement]) -> Iterator[Words]:
    """The words of agreements that the person was the first to write."""
    known: set[Words] = set()
    for one in revisions:
        for text in filter(None, (one.what, one.sign)):
            words = words_of(text, one.language)
            if words not in known and one.made_by == "participant":
                yield words
            known.add(words)


def seen_by_staff(conn: Connection, cipher: Cipher, participant_id: int) -> set[Words]:
    """All own words of one person that are shared now, with whomever."""
    cards = own.cards(conn, cipher, participant_id)
    shared = {words for card in cards for words in in_lines(decode_lines(card.lines), card.language)}
    return shared | set(in_agreements(agreements.of(conn, cipher, participant_id)))


def follow(conn: Connection, people: Mapping[int, Cipher]) -> None:
    """Something that these people shared has changed: translations of what is not shared any more are deleted. One
    statement for all who have none."""
    for person in sorted(translations.holders(conn, people)):
        left = {words.mark(people[person]) for words in seen_by_staff(conn, people[person], person)}
        translations.keep_only(conn, person, left)
