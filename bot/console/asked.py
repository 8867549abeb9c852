"""Asked: what one person asked for or told, as it stands on their page, and how each of it can be answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.digest.acts import Shown, Standing, acts_of, waiting
from bot.digest.answering import wants_no_answer
from bot.digest.brevity import Quote, quote
from bot.digest.gathering import details_of, worded
from bot.digest.history import SharedCard
from bot.digest.words import StaffWords
from bot.roles import RoleCard, elsewhere
from bot.translating.words import words_of
from storage.replies import SEEN, Code, LineKey, Reply

ANSWERS: tuple[Code, ...] = ("yes", "together", "try", "talk_first", "not_my_role")
"""How a request can be answered, in the order of the buttons."""


@dataclass(frozen=True, slots=True)
class Request:
    """One shared line that a rule lifts, or several: a line has one answer."""

    shown: tuple[Shown, ...]

    @property
    def share(self) -> SharedCard:
        """The card it stands in."""
        return self.shown[0].share

    @property
    def line(self) -> str:
        """Which line of it."""
        return self.shown[0].lift.line.id

    @property
    def key(self) -> LineKey:
        """By what its reply is kept."""
        return self.share.participant_id, self.share.conversation, self.share.step, self.line

    @property
    def about(self) -> str:
        """What a form sends of it: ``conversation|share step|line``."""
        return f"{self.share.conversation}|{self.share.step}|{self.line}"

    @property
    def codes(self) -> tuple[Code, ...]:
        """How it can be answered: not at all where only a contact makes it go."""
        leaves = {one.rule.leaves for one in self.shown}
        if "replied" in leaves:
            script = self.share.published.script
            return (*ANSWERS, SEEN) if wants_no_answer(script, self.share.lines) else ANSWERS
        return (SEEN,) if "seen" in leaves else ()

    @property
    def can_wait(self) -> bool:
        """Whether it can be put off: what asks for something, and not what only tells."""
        return any(one.rule.leaves in ("replied", "contact") for one in self.shown)


@dataclass(frozen=True, slots=True)
class Part:
    """What it is, and what was chosen or written: the words of the reader, and the person's own."""

    heading: str
    value: str
    language: str
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody who could do it instead. ``likely`` by the role card."""

    id: str
    text: str
    likely: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A request in words. ``replied`` is what was answered, "" while it is open."""

    about: str
    parts: tuple[Part, ...]
    details: str
    shared_on: str
    codes: tuple[Code, ...]
    others: tuple[Other, ...]
    replied: str


def requests(shares: Iterable[SharedCard]) -> list[Request]:
    """Everything that these cards ask or tell, in the order of the overview."""
    found: dict[LineKey, list[Shown]] = {}
    for act in acts_of(shares):
        if isinstance(act, Shown):
            key = act.participant_id, act.share.conversation, act.share.step, act.lift.line.id
            found.setdefault(key, []).append(act)
    return [Request(tuple(shown)) for shown in found.values()]


def still_open(shares: Sequence[SharedCard], standing: Standing, today: date, zone: str) -> list[Request]:
    """Those of them that still wait for the specialist."""
    left = {
        (act.share.conversation, act.share.step, act.lift.line.id)
        for act in waiting(shares, standing, today, zone)
        if isinstance(act, Shown)
    }
    return [one for one in requests(shares) if one.key[1:] in left]


def in_words(
    one: Request, reply: Reply | None, names: Mapping[int, str], words: StaffWords, card: RoleCard | None
) -> Asked:
    """A request for the page. ``names`` are those of the staff."""
    there = words.in_language(one.share.published.language_for(words.language))
    return Asked(
        about=one.about,
        parts=tuple(_part(shown, words, there) for shown in one.shown),
        details=details_of(one.share, one.line, there),
        shared_on=words.say("shared_on", date=words.date(one.share.shared_at)),
        codes=one.codes,
        others=_others(one, words, card),
        replied=_replied(reply, names, words, card) if reply else "",
    )


def _part(shown: Shown, words: StaffWords, there: StaffWords) -> Part:
    heading = words.ui[shown.rule.heading]
    if not shown.rule.shows_answer:
        return Part(heading, "", there.language)
    said = worded(shown.share, shown.lift.line, there)
    return Part(heading, said.value, there.language, _quoted(said.own_words, shown.share, there))


def _quoted(text: str, share: SharedCard, words: StaffWords) -> Quote | None:
    beside = share.under.beside(words_of(text, share.language), words)
    return replace(quote(text, share.language), beside=beside) if text else None


def _others(one: Request, words: StaffWords, card: RoleCard | None) -> tuple[Other, ...]:
    if card is None or "not_my_role" not in one.codes:
        return ()
    topics = [choice for shown in one.shown for choice in shown.lift.line.answer.choices]
    likely = next((who.id for topic in topics if (who := elsewhere(card, topic))), "")
    return tuple(Other(who.id, who.text(words.ui), who.id == likely) for who in card.instead)


def _replied(reply: Reply, names: Mapping[int, str], words: StaffWords, card: RoleCard | None) -> str:
    said = words.ui[f"staff/reply_{reply.code}"]
    who = card.named(reply.who) if card and reply.who else None
    if who is not None:
        said = words.say("replied_who", reply=said, who=who.text(words.ui))
    return words.say("replied_by", reply=said, name=names[reply.staff_id], date=words.date(reply.at))
