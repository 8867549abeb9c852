"""Whatever a person chose, does and leaves alone, however late or wrong the clock is: what Medvind promises holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars import CHOICES
from bot.schedule import Note, Plan, Remind, Start, zone_of
from tests.bot.schedule_world import CONTACTS, DAY, HOUR, WEEK, Almanac, Participant

ZONES = ["Europe/Oslo", "Asia/Kabul", "America/St_Johns", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo"]
SHORTEST = timedelta(weeks=4)

plans = st.builds(
    Plan,
    rhythm=st.sampled_from(["weekly", "weekly", "fortnightly", "monthly", "on_request"]),
    day=st.integers(1, 7),
    at=st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59)),
    reminders=st.booleans(),
    days_off=st.sets(st.sampled_from("1234567"), max_size=5).map("".join),
    quiet=st.sets(st.sampled_from(["friday_noon", "sabbath", "ramadan_evenings"])).map(tuple),
    holidays=st.sets(st.sampled_from(CHOICES), max_size=2).map(tuple),
)
starts = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
lengths = st.one_of(st.none(), st.integers(1, 200).map(lambda hours: hours * HOUR))
acts = st.sampled_from(["react", "finish", "begin", "talk", "pause", "resume", "lose", "reach", "travel", "wait"])


@dataclass(frozen=True)
class Life:
    """One person's two months: what they chose, and what happens after so many hours each."""

    plan: Plan
    zone: str
    start: datetime
    holidays: frozenset[int]
    remind_after: timedelta | None
    close_after: timedelta | None
    events: list[tuple[int, str]]
    late: list[int]
    """Minutes by which the rounds of the service come late, over and over."""


lives = st.builds(
    Life,
    plans,
    st.sampled_from(ZONES),
    starts,
    st.frozensets(st.integers(0, 70), max_size=12),
    lengths,
    lengths,
    st.lists(st.tuples(st.integers(1, 20 * 24), acts), max_size=12),
    st.lists(st.sampled_from([0, 0, 0, 0, 1, 7, 60, 700, 3000, 20_000]), min_size=1, max_size=6),
)


def act(participant: Participant, what: str, now: datetime) -> None:
    """Something happens that is not the service's doing."""
    match what:
        case "react":
            participant.react(now)
        case "finish":
            participant.finish(now)
        case "begin" | "talk" if participant.standing.open is None:
            participant.begin(now, counts=what == "begin")
        case "pause":
            participant.change(now, state="paused", paused_until=now + 9 * DAY)
        case "resume":
            participant.change(now, state="active", paused_until=None)
        case "lose" | "reach":
            participant.change(now, reachable=what == "reach")
        case "travel":
            participant.change(now, zone=ZONES[(ZONES.index(participant.standing.zone) + 1) % len(ZONES)])


@dataclass
class Watch:
    """What a strict onlooker writes down, by rules of its own."""

    participant: Participant
    calendar: Almanac
    silent_since: datetime | None = None
    started: int = 0

    def look(self, now: datetime) -> None:
        """One round; everything it says is looked at."""
        standing = self.participant.standing
        did = self.participant.look(now)
        assert not self.participant.look(now), "a second round at the same moment has nothing left"
        spoken = [one for one in did if isinstance(one, CONTACTS)]
        assert len(spoken) <= 1, did
        if spoken:
            assert standing.reachable
            assert standing.state == "active" or (standing.paused_until is not None and standing.paused_until <= now)
            self._is_a_good_time(now)
            assert self.silent_since is None or (isinstance(spoken[0], Note) and now >= self.silent_since + SHORTEST)
        self.silent_since = self.participant.agenda.quiet_since

    def _is_a_good_time(self, now: datetime) -> None:
        there, plan = now.astimezone(zone_of(self.participant.standing.zone)), self.participant.agenda.plan
        clock, weekday = there.strftime("%H:%M"), there.isoweekday()
        assert "09:00" <= clock < "20:00"
        assert str(weekday) not in plan.days_off
        assert not any(self.calendar.is_holiday(name, there.date()) for name in plan.holidays)
        if "friday_noon" in plan.quiet and weekday == 5:
            assert not "11:30" <= clock < "14:30"
        if "sabbath" in plan.quiet:
            assert not (weekday == 5 and clock >= "15:00") and not (weekday == 6 and clock < "21:00")  # noqa: PT018
        if "ramadan_evenings" in plan.quiet and self.calendar.is_ramadan(there.date()):
            assert clock < "15:00"


def lived(life: Life) -> Participant:
    """What comes to this person."""
    first = life.start.date()
    free = frozenset(first + number * DAY for number in life.holidays)
    calendar = Almanac(dict.fromkeys(CHOICES[:3], free), (first + 5 * DAY, first + 34 * DAY))
    more = {"calendar": calendar, "remind_after": life.remind_after, "close_after": life.close_after}
    participant = Participant.new(life.start, life.plan, life.zone, **more)
    watch, now, rounds = Watch(participant, calendar), life.start, 0
    events = iter(life.events)
    coming = next(events, None)
    act_at = now + coming[0] * HOUR if coming else None
    while now < life.start + 60 * DAY:
        due = participant.due and max(participant.due, now) + life.late[rounds % len(life.late)] * timedelta(minutes=1)
        rounds += 1
        assert rounds < 2000, "it ends"
        if coming is not None and act_at is not None and (due is None or act_at <= due):
            now = act_at
            act(participant, coming[1], now)
            watch.silent_since = participant.agenda.quiet_since
            coming = next(events, None)
            act_at = now + coming[0] * HOUR if coming else None
        elif due is None:
            break
        else:
            now = due
            watch.look(now)
    return participant


@settings(max_examples=300)
@given(lives)
def test_what_is_promised_holds_for_whoever_and_whatever(life: Life) -> None:
    participant = lived(life)
    contacts = participant.times(*CONTACTS)
    assert all(later - earlier >= WEEK for earlier, later in zip(contacts, contacts[3:], strict=False))
    assert participant.agenda.reminded <= participant.number
    assert len(participant.times(Remind)) <= participant.number
    if "travel" not in {what for _, what in life.events}:
        days = Counter(told[:10] for told in participant.told(Start))
        assert not days or max(days.values()) == 1
    if life.plan.rhythm == "on_request":
        assert not participant.times(Start)


@settings(max_examples=100)
@given(plans, st.sampled_from(ZONES), starts)
def test_who_is_left_alone_is_left_alone_for_good_after_four(plan: Plan, zone: str, start: datetime) -> None:
    participant = Participant.new(start, plan, zone).until(start + 400 * DAY)
    assert len(participant.times(Start)) in (0, 4)
    assert len(participant.times(Note)) == len(participant.times(Start)) / 4
    assert participant.due is None
    assert participant.log[-1:] == [] or participant.log[-1][1] == Note()


@settings(max_examples=200)
@given(plans, st.sampled_from(ZONES), starts, st.lists(st.integers(1, 27 * 24), min_size=2, max_size=10))
def test_a_clock_that_jumps_to_and_fro_never_brings_two_on_one_day(
    plan: Plan, zone: str, start: datetime, jumps: list[int]
) -> None:
    participant = Participant.new(start, plan, zone)
    for hours in jumps:
        now = start + hours * HOUR
        spoken = [one for one in participant.look(now) if isinstance(one, CONTACTS)]
        participant.finish(now)
        if participant.due is not None and participant.due < start + 27 * DAY:
            participant.look(participant.due)
            participant.finish(participant.due or now)
        assert len(spoken) <= 1
    days = Counter(told[:10] for told in participant.told(Start))
    assert not days or max(days.values()) == 1


def test_the_promises_are_about_somebody_who_hears_something() -> None:
    """Without this the properties above could hold because nothing ever comes."""
    start = datetime(2026, 5, 4, 8, tzinfo=UTC)
    quiet = ("friday_noon", "sabbath", "ramadan_evenings")
    life = Life(Plan(quiet=quiet), "Asia/Kabul", start, frozenset({3}), DAY, 3 * DAY, [(30, "react")], [0])
    participant = lived(life)
    assert [date.fromisoformat(told[:10]).isoweekday() for told in participant.told(Start)] == [2, 2, 2, 2, 2]
    assert participant.times(Remind)
