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


def entry_of(act: Act, reader: str, words: StaffWords, topic_words: int) -> Entry:
    """The entry of one act, with at most so many words of what it is about."""
    match act:
        case Planned():
            return _planned(act, reader, words, topic_words)
        case Shown():
            return _shown(act, words, topic_words)


def _planned(act: Planned, reader: str, words: StaffWords, topic_words: int) -> Entry:
    """The same words, whoever owns it."""
    made = act.agreement
    owner = owner_name(made.owner, act.pseudonym, reader, words)
    return Entry(
        act.participant_id,
        act.pseudonym,
        quote=quote(made.what, made.language, most=topic_words) if topic_words else None,
        details=words.say("planned", owner=owner, date=words.day(act.day)),
        language=words.language,
    )


def _shown(act: Shown, words: StaffWords, topic_words: int) -> Entry:
    share, line = act.share, act.lift.line
    plain = Entry(
        act.participant_id,
        share.pseudonym,
        line=f"{share.conversation}|{share.step}|{line.id}",
        button=words.say("seen") if act.rule.leaves == "seen" else "",
    )
    if not topic_words:
        return plain
    language = share.published.language_for(words.language)
    there = words.in_language(language)
    text = worded(share, line, there)
    own = quote(text.own_words, share.language, most=topic_words) if text.own_words else None
    ask = share.published.script.step(line.name)
    says_yes = isinstance(ask, Ask) and ask.kind is AnswerKind.YES_OR_NO
    has_topic = act.rule.shows_answer and not says_yes
    return replace(
        plain,
        topic=quote(text.value, most=topic_words).short if has_topic else "",
        quote=own,
        details=quote(details_of(share, line.id, there), most=topic_words).short,
        language=language,
    )
