"""Acts: what people did that has a line in an overview, and which of it still waits for the specialist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.digest.attention import Lift, attention, lifts
from bot.digest.history import SharedCard
from bot.digest.rules import Rule
from storage.agreements import Agreement
from storage.replies import LineKey, Reply

LATELY = 7
"""Days for which a request is new."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What has become of what people asked, told and agreed.

    ``contacts`` are the last days that this specialist noted, their own local dates. ``agreements`` are those of the
    people assigned now, ``called`` what lists call these people, and ``elsewhere`` the topics that the role card gives
    to somebody else. ``snoozed`` are requests that this specialist wants to see again on a day, and ``enough`` how many
    open ones are enough for them.
    """

    replies: Mapping[LineKey, Reply] = field(default_factory=dict)
    contacts: Mapping[int, date] = field(default_factory=dict)
    agreements: Sequence[Agreement] = ()
    called: Mapping[int, str] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()
    snoozed: Mapping[LineKey, date] = field(default_factory=dict)
    enough: int | None = None

    def reply(self, share: SharedCard, line_id: str) -> Reply | None:
        """What was answered to a line."""
        return self.replies.get((share.participant_id, share.conversation, share.step, line_id))

    def in_force(self, participant_id: int) -> list[Agreement]:
        """What this person and the specialist have both confirmed and nobody has changed since, by day and number."""
        mine = (one for one in self.agreements if one.participant_id == participant_id and one.state == "active")
        return sorted(mine, key=lambda one: (one.due or date.max, one.number))


@dataclass(frozen=True, slots=True)
class Shown:
    """A shared line that a rule lifts."""

    share: SharedCard
    lift: Lift

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.lift.rule

    @property
    def participant_id(self) -> int:
        """Who shared it."""
        return self.share.participant_id

    @property
    def key(self) -> LineKey:
        """By what its reply and its snooze are kept."""
        return self.share.participant_id, self.share.conversation, self.share.step, self.lift.line.id

    @property
    def order(self) -> tuple[datetime | date, int, int]:
        """Oldest first; at the same instant, by id."""
        return self.share.shared_at, self.share.participant_id, self.share.conversation


@dataclass(frozen=True, slots=True)
class Planned:
    """An agreement whose day has come."""

    agreement: Agreement
    day: date
    pseudonym: str
    rule: Rule

    @property
    def participant_id(self) -> int:
        """With whom it was made."""
        return self.agreement.participant_id

    @property
    def order(self) -> tuple[datetime | date, int, int]:
        """The day that came first; on the same day, by id."""
        return self.day, self.agreement.participant_id, self.agreement.number


Act = Shown | Planned


def acts_of(shares: Iterable[SharedCard]) -> list[Act]:
    """Everything that these cards lift, in the order of the overview."""
    return _in_order(_shown(shares))


def waiting(shares: Iterable[SharedCard], standing: Standing, today: date, zone: str) -> list[Act]:
    """What of it is still open, and the agreements whose day has come, in the order of the overview."""
    still = [one for one in _shown(shares) if _is_open(one, standing, zone)]
    return _in_order([*still, *_planned(standing, today)])


def is_put_off(act: Act, standing: Standing, today: date) -> bool:
    """Whether the specialist wants to see it again later than ``today``."""
    return isinstance(act, Shown) and today < standing.snoozed.get(act.key, date.min)


def workload(acts: Iterable[Act], standing: Standing, now: datetime) -> tuple[int, int, int]:
    """How many requests are open, how many of them are new, and how many may be somebody else's role."""
    requests = [act for act in acts if isinstance(act, Shown) and act.rule.leaves in ("replied", "contact")]
    new = sum((now - act.share.shared_at).days < LATELY for act in requests)
    others = sum(bool(standing.elsewhere & {*act.lift.line.answer.choices}) for act in requests)
    return len(requests), new, others


def _shown(shares: Iterable[SharedCard]) -> Iterator[Shown]:
    for share in shares:
        for line in share.lines:
            yield from (Shown(share, lift) for lift in lifts(share.published.script, line))


def _is_open(one: Shown, standing: Standing, zone: str) -> bool:
    if one.rule.leaves == "contact":
        noted = standing.contacts.get(one.participant_id)
        return noted is None or noted < one.share.shared_at.astimezone(ZoneInfo(zone)).date()
    return standing.reply(one.share, one.lift.line.id) is None


def _planned(standing: Standing, today: date) -> Iterator[Planned]:
    for one in standing.agreements:
        if one.state == "active" and one.due is not None and one.due <= today:
            yield Planned(one, one.due, standing.called[one.participant_id], attention().agreed)


def _in_order(acts: Iterable[Act]) -> list[Act]:
    """By rule, and within a rule the oldest first."""
    by_rule: dict[str, list[Act]] = {rule.code: [] for rule in attention().rules}
    for act in acts:
        by_rule[act.rule.code].append(act)
    return [act for found in by_rule.values() for act in sorted(found, key=lambda act: act.order)]
