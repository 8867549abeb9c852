"""Entries: one person in one line of the overview, with as much of what it is about as there is room for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.digest.acts import Act, Planned, Shown
from bot.digest.agreed import owner_name
from bot.digest.brevity import Quote, count_words, quote
from bot.digest.gathering import details_of, worded
from bot.digest.words import StaffWords
from dialogues.model import AnswerKind, Ask


@dataclass(frozen=True, slots=True)
class Entry:
    """One person in a group, with what the request, the agreement or the news is about."""

    participant_id: int
    pseudonym: str
    topic: str = ""
    quote: Quote | None = None
    details: str = ""
    language: str = ""
    line: str = ""
    """What of the person it is: ``conversation|share step|line``, where a line is."""
    button: str = ""
    """What stands on the button that makes it go, where one press is enough."""

    @property
    def words(self) -> int:
        """How many words are visible."""
        own = self.quote.short if self.quote else ""
        return count_words(" ".join((self.pseudonym, self.topic, own, self.details, self.button)))


@dataclass(frozen=True, slots=True)
class Topic:
    """One act in words, before it is known how many of them there is room for."""

    plain: Entry
    value: str = ""
    own_words: str = ""
    own_language: str = ""
    details: str = ""

    def entry(self, most: int) -> Entry:
        """The entry, with at most so many words of what it is about. Who does what was agreed, and when, always
        stands."""
        if not most:
            return self.plain
        return replace(
            self.plain,
            topic=quote(self.value, most=most).short,
            quote=quote(self.own_words, self.own_language, most=most) if self.own_words else None,
            details=self.plain.details or quote(self.details, most=most).short,
        )


def topic_of(act: Act, reader: str, words: StaffWords) -> Topic:
    """What an act is about, in the words of the reader."""
    match act:
        case Planned():
            return _planned(act, reader, words)
        case Shown():
            return _shown(act, words)


def _planned(act: Planned, reader: str, words: StaffWords) -> Topic:
    """The same words, whoever owns it."""
    made = act.agreement
    owner = owner_name(made.owner, act.pseudonym, reader, words)
    said = words.say("planned", owner=owner, date=words.day(act.day))
    plain = Entry(act.participant_id, act.pseudonym, details=said, language=words.language)
    return Topic(plain, own_words=made.what, own_language=made.language)


def _shown(act: Shown, words: StaffWords) -> Topic:
    share, line = act.share, act.lift.line
    there = words.in_language(share.published.language_for(words.language))
    text, ask = worded(share, line, there), share.published.script.step(line.name)
    says_yes = isinstance(ask, Ask) and ask.kind is AnswerKind.YES_OR_NO
    plain = Entry(
        act.participant_id,
        share.pseudonym,
        language=there.language,
        line=f"{share.conversation}|{share.step}|{line.id}",
        button=words.say("seen") if act.rule.leaves == "seen" else "",
    )
    value = text.value if act.rule.shows_answer and not says_yes else ""
    return Topic(plain, value, text.own_words, share.language, details_of(share, line.id, there))
