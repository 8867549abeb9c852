"""Overview: the first hundred words of a day. Who asked for what, which agreements have reached their day, who told
news, who shared something new.

People with nothing shared are not in it, and nothing here counts or hints at them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

from bot.dates import weekday_and_date
from bot.digest.acts import Act
from bot.digest.brevity import OVERVIEW_WORDS, count_words
from bot.digest.entries import Entry, Topic, topic_of
from bot.digest.history import SharedCard
from bot.digest.rules import Leaves, Rule
from bot.digest.words import StaffWords

TOPIC_WORDS = (8, 4, 0)
"""How many words of each topic stand in the overview. Where it does not fit, the last groups have fewer first: what was
asked is cut last."""


@dataclass(frozen=True, slots=True)
class Group:
    """One line of the overview. ``why`` answers "Why am I seeing this?". ``leaves`` says where an entry is answered;
    it is empty for new check-ins."""

    name: str
    heading: str
    why: str
    entries: tuple[Entry, ...]
    leaves: Leaves | None = None
    more: tuple[Entry, ...] = ()
    more_label: str = ""

    @property
    def words(self) -> int:
        """How many words are visible at first."""
        return count_words(f"{self.heading} {self.more_label}") + sum(entry.words for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Overview:
    """The day at a glance. Without groups, ``rest`` says that nothing new was shared. ``workload`` is for this
    specialist's eyes: how many requests are open."""

    title: str
    groups: tuple[Group, ...]
    rest: str
    order: str
    why_label: str
    workload: str = ""

    @property
    def words(self) -> int:
        """How many words are visible at first."""
        frame = count_words(" ".join((self.title, self.rest, self.order, self.why_label, self.workload)))
        return frame + sum(group.words for group in self.groups)

    @property
    def lines(self) -> int:
        """How many lines it has on a wide page. The workload and the rest share one."""
        return 1 + len(self.groups) + bool(self.rest) + bool(self.order)


@dataclass(frozen=True, slots=True)
class Contents:
    """What an overview is made of: cards that are new, acts that it names in their order, and the workload: how many
    requests are open, new, and maybe somebody else's; how many were ``put_off``, and how many are ``enough``."""

    new: Sequence[SharedCard]
    acts: Sequence[Act]
    workload: tuple[int, int, int] = (0, 0, 0)
    put_off: int = 0
    enough: int | None = None


_Asked = tuple[Rule, list[Topic]]


def overview(contents: Contents, day: date, reader: str, words: StaffWords) -> Overview:
    """The overview of one day, with as much of the topics as a hundred words hold."""
    frame, requests = _frame(contents, day, reader, words), _requests(contents.acts, reader, words)
    most, *less = TOPIC_WORDS
    sizes = dict.fromkeys(requests, most)
    shown = _filled(frame, requests, sizes, words)
    for fewer, code in product(less, reversed(requests)):
        if shown.words <= OVERVIEW_WORDS:
            break
        sizes[code] = fewer
        shown = _filled(frame, requests, sizes, words)
    return shown if shown.words <= OVERVIEW_WORDS else _folded(shown, words)


def people_in_order(contents: Contents) -> list[int]:
    """Those who shared something new, in the order in which the overview first names them."""
    new = [share.participant_id for share in _oldest_first(contents.new)]
    named = [act.participant_id for act in contents.acts] + new
    return [person for person in dict.fromkeys(named) if person in new]


def _frame(contents: Contents, day: date, reader: str, words: StaffWords) -> Overview:
    """The overview with nothing but new check-ins in it."""
    is_empty = not contents.acts and not contents.new
    return Overview(
        title=words.say("overview_of", day=weekday_and_date(day, words.language), reader=reader),
        groups=_new(contents.new, words),
        rest=words.say("nothing_new" if is_empty else "nothing_else"),
        order="" if is_empty else words.say("order"),
        why_label="" if is_empty else words.say("why"),
        workload=_workload(contents, words),
    )


def _filled(frame: Overview, requests: Mapping[str, _Asked], sizes: Mapping[str, int], words: StaffWords) -> Overview:
    groups = (_group(rule, topics, sizes[code], words) for code, (rule, topics) in requests.items())
    return replace(frame, groups=(*groups, *frame.groups))


def _workload(contents: Contents, words: StaffWords) -> str:
    """Nothing while no request is open. What is nought is left out."""
    too_many = contents.enough if contents.enough is not None and contents.workload[0] > contents.enough else 0
    counts = (*contents.workload, contents.put_off, too_many)
    sentences = ("open_requests", "new_this_week", "maybe_not_mine", "put_off", "more_than_enough")
    return " ".join(words.count(sentence, n) for sentence, n in zip(sentences, counts, strict=True) if n)


def _requests(acts: Iterable[Act], reader: str, words: StaffWords) -> dict[str, _Asked]:
    """The acts by rule, in their order."""
    found: dict[str, _Asked] = {}
    for act in acts:
        found.setdefault(act.rule.code, (act.rule, []))[1].append(topic_of(act, reader, words))
    return found


def _group(rule: Rule, topics: Sequence[Topic], most: int, words: StaffWords) -> Group:
    return Group(
        name=rule.code,
        heading=words.say("count", heading=words.ui[rule.heading], n=len(topics)),
        why=words.ui[rule.why],
        entries=tuple(_each_once(topic.entry(most) for topic in topics)),
        leaves=rule.leaves,
    )


def _each_once(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Whoever stands there several times with nothing but their name stands there once. The heading counts them all."""
    named: set[int] = set()
    for entry in entries:
        is_name_alone = not (entry.topic or entry.quote or entry.details or entry.button)
        if is_name_alone and entry.participant_id in named:
            continue
        if is_name_alone:
            named.add(entry.participant_id)
        yield entry


def _new(shares: Sequence[SharedCard], words: StaffWords) -> tuple[Group, ...]:
    """Everybody who shared something new, each once."""
    first = {share.participant_id: share for share in reversed(_oldest_first(shares))}
    entries = tuple(Entry(share.participant_id, share.pseudonym) for share in _oldest_first(first.values()))
    heading = words.say("count", heading=words.ui["staff/new"], n=len(entries))
    return (Group("new", heading, words.say("why_new"), entries),) if entries else ()


def _oldest_first(shares: Iterable[SharedCard]) -> list[SharedCard]:
    return sorted(shares, key=lambda share: (share.shared_at, share.participant_id, share.conversation))


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
