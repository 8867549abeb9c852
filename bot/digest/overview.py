"""Overview: the first hundred words of a day. Who asked for what, who told news, who shared something new.

People with nothing shared are not in it, and nothing here counts or hints at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.digest.attention import RULES, rule_for
from bot.digest.brevity import OVERVIEW_WORDS, Quote, count_words, quote
from bot.digest.day import weekday_and_date
from bot.digest.history import SharedCard
from bot.digest.words import StaffWords
from bot.lines import CardLine, line_text
from dialogues.model import AnswerKind, Ask

TOPIC_WORDS = (8, 4, 0)
"""How many words of each topic stand in the overview: the first number with which it all fits."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person in a group, with what the request or the news is about."""

    participant_id: int
    pseudonym: str
    topic: str = ""
    quote: Quote | None = None
    language: str = ""

    @property
    def words(self) -> int:
        """How many words are visible."""
        return count_words(f"{self.pseudonym} {self.topic} {self.quote.short if self.quote else ''}")


@dataclass(frozen=True, slots=True)
class Group:
    """One line of the overview. ``why`` answers "Why am I seeing this?"."""

    name: str
    heading: str
    why: str
    entries: tuple[Entry, ...]
    more: tuple[Entry, ...] = ()
    more_label: str = ""

    @property
    def words(self) -> int:
        """How many words are visible at first."""
        return count_words(f"{self.heading} {self.more_label}") + sum(entry.words for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Overview:
    """The day at a glance. Without groups, ``rest`` says that nothing new was shared."""

    title: str
    groups: tuple[Group, ...]
    rest: str
    order: str
    why_label: str

    @property
    def words(self) -> int:
        """How many words are visible at first."""
        frame = count_words(" ".join((self.title, self.rest, self.order, self.why_label)))
        return frame + sum(group.words for group in self.groups)

    @property
    def lines(self) -> int:
        """How many lines it has on a wide page."""
        return 1 + len(self.groups) + bool(self.rest) + bool(self.order)


@dataclass(frozen=True, slots=True)
class _Act:
    """Something a person did that belongs in a group of the overview."""

    share: SharedCard
    line: CardLine | None = None

    @property
    def order(self) -> tuple[datetime, int, int]:
        """Oldest first; at the same instant, by id."""
        return self.share.shared_at, self.share.participant_id, self.share.conversation


def overview(shares: Sequence[SharedCard], day: date, reader: str, words: StaffWords) -> Overview:
    """The overview of what was shared for one day, with as much of the topics as a hundred words hold."""
    shown = _overview(shares, day, reader, words, TOPIC_WORDS[0])
    for fewer in TOPIC_WORDS[1:]:
        if shown.words <= OVERVIEW_WORDS:
            return shown
        shown = _overview(shares, day, reader, words, fewer)
    return shown if shown.words <= OVERVIEW_WORDS else _folded(shown, words)


def people_in_order(shares: Iterable[SharedCard]) -> list[int]:
    """Participants in the order in which the overview first names them, which is the order of their cards."""
    groups = _acts(sorted(shares, key=lambda share: _Act(share).order))
    return list(dict.fromkeys(act.share.participant_id for acts in groups.values() for act in acts))


def _acts(shares: Sequence[SharedCard]) -> dict[str, list[_Act]]:
    """The acts by group, groups in the order of the overview: requests, news, new check-ins."""
    groups: dict[str, list[_Act]] = {name: [] for name in (*(rule.code for rule in RULES), "new")}
    for share in shares:
        for line in share.lines:
            rule = rule_for(share.published.script, line)
            if rule is not None:
                groups[rule.code].append(_Act(share, line))
    first = {share.participant_id: share for share in reversed(shares)}
    groups["new"] = sorted((_Act(share) for share in first.values()), key=lambda act: act.order)
    return {name: acts for name, acts in groups.items() if acts}


def _overview(shares: Sequence[SharedCard], day: date, reader: str, words: StaffWords, topic_words: int) -> Overview:
    found = _acts(sorted(shares, key=lambda share: _Act(share).order))
    groups = tuple(_group(name, acts, words, topic_words) for name, acts in found.items())
    return Overview(
        title=words.say("overview_of", day=weekday_and_date(day, words.language), reader=reader),
        groups=groups,
        rest=words.say("nothing_else" if groups else "nothing_new"),
        order=words.say("order") if groups else "",
        why_label=words.say("why") if groups else "",
    )


def _group(name: str, acts: Sequence[_Act], words: StaffWords, topic_words: int) -> Group:
    rule = next((rule for rule in RULES if rule.code == name), None)
    heading, why = (rule.heading, rule.why) if rule else ("staff/new", "staff/why_new")
    return Group(
        name=name,
        heading=words.say("count", heading=words.ui[heading], n=len(acts)),
        why=words.ui[why],
        entries=tuple(_entry(act, words, topic_words) for act in acts),
    )


def _entry(act: _Act, words: StaffWords, topic_words: int) -> Entry:
    plain = Entry(act.share.participant_id, act.share.pseudonym)
    if act.line is None or not topic_words:
        return plain
    published = act.share.published
    language = published.language_for(words.language)
    there = words.in_language(language)
    worded = line_text(published.script, act.line, published.texts[language], there.ui, language)
    own = quote(worded.own_words, act.share.language, most=topic_words) if worded.own_words else None
    ask = published.script.step(act.line.name)
    says_yes = isinstance(ask, Ask) and ask.kind is AnswerKind.YES_OR_NO
    topic = "" if says_yes else quote(worded.value, most=topic_words).short
    return replace(plain, topic=topic, quote=own, language=language)


def _folded(full: Overview, words: StaffWords) -> Overview:
    """The overview with the people that a hundred words cannot hold put behind "more", in every group its share."""
    room = OVERVIEW_WORDS - full.words + sum(entry.words for group in full.groups for entry in group.entries)
    each = room // max(1, len(full.groups))
    return replace(full, groups=tuple(_fold(group, words, each) for group in full.groups))


def _fold(group: Group, words: StaffWords, room: int) -> Group:
    if sum(entry.words for entry in group.entries) <= room:
        return group
    label = words.count("more_people", len(group.entries))
    kept = 0
    left = room - count_words(label)
    while kept < len(group.entries) and group.entries[kept].words <= left:
        left -= group.entries[kept].words
        kept += 1
    hidden = group.entries[kept:]
    return replace(group, entries=group.entries[:kept], more=hidden, more_label=words.count("more_people", len(hidden)))
