"""Timetable: when Medvind writes to one person of its own accord. Opened when it is needed, stored when it changed."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot import schedule
from bot.calendars import Calendar
from bot.catalogs import forms
from bot.dates import time_text, weekday_and_date, weekday_text
from bot.schedule import Agenda, Open, Plan, Standing
from dialogues import meanings, timing
from dialogues.session import Answer
from storage.contacts import Planned
from storage.vault import Cipher

PAUSES = {"one_week": 7, "two_weeks": 14, "four_weeks": 28, "until_back": 0}
"""How many days a break has; 0 for one without an end."""

_decode = msgspec.json.Decoder(Agenda).decode
_encode = msgspec.json.Encoder().encode


class Timetable(msgspec.Struct, eq=False):
    """One person's, while a batch is answered. ``sealed`` as it is stored; None for somebody new."""

    cipher: Cipher
    id: int
    zone: str
    paused_until: datetime | None
    due: datetime | None
    sealed: bytes | None
    calendar: Calendar
    touched: bool = False
    """Something changed that it goes by, so what is due has to be found out anew."""
    _agenda: Agenda | None = None

    @property
    def agenda(self) -> Agenda:
        """What was chosen, and what came already."""
        if self._agenda is None:
            self._agenda = _decode(self.cipher.open(self._place, self.sealed)) if self.sealed else Agenda()
        return self._agenda

    def keep(self, agenda: Agenda) -> None:
        """From now on it is this one."""
        self._agenda, self.touched = agenda, True

    def chosen(self, tag: str, answer: Answer, now: datetime) -> None:
        """Keep to an answer of a question with a tag of ``dialogues.timing``."""
        self.keep(schedule.planned(self.agenda, planned(self.agenda.plan, tag, answer.choices), now))

    def chose(self, tag: str, answer: Answer, now: datetime) -> None:
        """Keep to an answer of a question with a tag like ``choice:topics``."""
        if tag == meanings.START_DAY:
            self.starts(answer.day, now)
            return
        self.keep(msgspec.structs.replace(self.agenda, choices=_with_choice(self.agenda.choices, tag, answer.choices)))
        if tag == meanings.PULSE:
            self.keep(schedule.pulsing(self.agenda, answer.choices == ("yes",), now))

    def starts(self, day: str, now: datetime) -> None:
        """The first day at something new, ISO; "" when it is taken back."""
        self.keep(schedule.starting(self.agenda, day, self.zone, now))

    @property
    def topics(self) -> frozenset[str]:
        """What the person lets us ask about."""
        return frozenset(self.agenda.choices.get(meanings.TOPICS, ()))

    @property
    def sharing(self) -> str:
        """How a share step begins for this person: ``ask``, ``ticked`` or ``keep``."""
        return next(iter(self.agenda.choices.get(meanings.SHARING, ())), "ask")

    @property
    def wants_faces(self) -> bool:
        """Whether faces stand beside words for this person."""
        return self.agenda.choices.get(meanings.FACES) == ("yes",)

    @property
    def form(self) -> str:
        """How the person is spoken to: one of ``bot.catalogs.forms``."""
        return forms.chosen(self.agenda.choices)

    def takes_part(self, agreed: bool, now: datetime) -> None:
        """Whether check-ins come at all is decided in the first dialogue."""
        self.keep(schedule.agreed(self.agenda, agreed, now))

    def resume(self, now: datetime) -> None:
        """There is no break any more."""
        self.paused_until = None
        self.keep(schedule.resumed(self.agenda, now))

    def pause(self, days: int, now: datetime) -> None:
        """A break of so many days from now; 0 for one without an end."""
        self.paused_until = now + timedelta(days=days) if days else None
        self.touched = True

    def standing(self, state: str, waits: Open | None, *, reachable: bool = True) -> Standing:
        """How the person stands at this moment."""
        return Standing(state, self.paused_until, self.zone, self.agenda.takes_part, reachable, waits)

    def stored(self, standing: Standing, now: datetime) -> Planned:
        """The row that keeps it."""
        due = schedule.next_due(self.agenda, standing, self.calendar, now)
        sealed = self.cipher.seal(self._place, _encode(self.agenda))
        return Planned(due, self.paused_until, sealed, self.id)

    def next_check_in(self, state: str, now: datetime, language: str) -> str:
        """When the next check-in comes, as people write it; "" when none does."""
        moment = schedule.next_check_in(self.agenda, self.standing(state, None), self.calendar, now)
        if moment is None:
            return ""
        return self.moment(moment, language)

    def weekday(self, moment: datetime, language: str) -> str:
        """The name of the day of the week."""
        return weekday_text(moment.astimezone(schedule.zone_of(self.zone)), language)

    def moment(self, moment: datetime, language: str) -> str:
        """The day and the time of an instant, as people write them where this person is."""
        local = moment.astimezone(schedule.zone_of(self.zone))
        return f"{weekday_and_date(local.date(), language)} {time_text(local, language)}"

    def day(self, moment: datetime, language: str) -> str:
        """The day of an instant, as people write it where this person is."""
        return weekday_and_date(moment.astimezone(schedule.zone_of(self.zone)).date(), language)

    @property
    def _place(self) -> str:
        return f"participant.agenda|{self.id}"


def _with_choice(before: dict[str, tuple[str, ...]], tag: str, options: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The choices after one more. A topic that is not wanted is taken from those that are; it can be chosen again."""
    if timing.AS_IT_IS in options:
        return before
    if tag in (meanings.TOPICS, meanings.NO_TOPICS):
        named = meanings.named_topics(options)
        wanted = before.get(meanings.TOPICS, ())
        options = tuple(sorted(named)) if tag == meanings.TOPICS else tuple(t for t in wanted if t not in named)
        tag = meanings.TOPICS
    return {**before, tag: options}


def planned(plan: Plan, tag: str, choices: tuple[str, ...]) -> Plan:
    """The plan after an answer. What means nothing, or says that all stays as it is, changes nothing."""
    meant = tuple(one for one in choices if timing.is_understood(tag, one) and one != timing.AS_IT_IS)
    if not meant:
        return plan
    several = tuple(one for one in meant if one != timing.NONE)
    changes: dict[str, object] = {}
    match tag:
        case timing.DAY:
            changes = {"day": timing.WEEKDAYS.index(meant[0]) + 1}
        case timing.TIME:
            changes = {"at": timing.time_of(meant[0])}
        case timing.RHYTHM:
            changes = {"rhythm": meant[0]}
        case timing.REMINDERS:
            changes = {"reminders": meant[0] == "yes"}
        case timing.DAYS_OFF:
            changes = {"days_off": "".join(str(timing.WEEKDAYS.index(one) + 1) for one in several)}
        case timing.QUIET:
            changes = {"quiet": several}
        case timing.HOLIDAYS:
            changes = {"holidays": several}
    return msgspec.structs.replace(plan, **changes)
