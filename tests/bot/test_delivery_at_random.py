"""Whatever the channel answers, whenever the process dies, whoever else writes: order holds in each chat, nothing is
lost, and nothing comes twice without a reason."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import failpoints
from bot.delivery.outcomes import Failed, Gone, Later, Outcome, Part, Refused, Sent, Shut, Unclear
from bot.messages import Outbound
from tests.bot.delivery_world import ROOM, DeliveryWorld, asked, redrawn, said

PEOPLE = (1, 2, 3, 4)
ARRIVED, LOST = "ReadTimeout", "ConnectionReset"
"""Causes of an Unclear: the first after the message arrived, the second before."""

TOKEN = re.compile(r"<(\d+)\.(\d+)>")


@dataclass(frozen=True)
class Reply:
    """Somebody wrote, and is told messages of these kinds."""

    person: int
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """Another process stored such messages."""

    person: int
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Stop:
    """Somebody wants nothing more, and is told so."""

    person: int


@dataclass(frozen=True)
class Wait:
    """Time passes."""

    seconds: float


@dataclass(frozen=True)
class Away:
    """The storage goes away, or comes back."""

    is_away: bool


@dataclass(frozen=True)
class Restart:
    """In order, or by losing the power here and now, or when it next passes a place between a message and its mark."""

    where: str


Event = Reply | Written | Stop | Wait | Away | Restart

PLACES = tuple(name for name in failpoints.NAMES if name.startswith("delivery."))
KINDS = st.lists(st.sampled_from(["said", "asked", "long", "longer", "redrawn"]), min_size=1, max_size=4).map(tuple)
EVENTS = st.one_of(
    st.builds(Reply, st.sampled_from(PEOPLE), KINDS),
    st.builds(Reply, st.sampled_from(PEOPLE), KINDS),
    st.builds(Written, st.sampled_from(PEOPLE), KINDS),
    st.builds(Stop, st.sampled_from(PEOPLE)),
    st.builds(Wait, st.sampled_from([0.0, 0.01, 0.3, 1.0, 1.7, 4.0, 11.0, 65.0])),
    st.builds(Wait, st.sampled_from([0.0, 0.01, 0.3, 1.0, 1.7, 4.0, 11.0, 65.0])),
    st.builds(Away, st.booleans()),
    st.builds(Restart, st.sampled_from(["in order", "now", *PLACES])),
)
OUTCOMES = st.sampled_from(
    [
        *[Sent()] * 12,
        *[Failed("ConnectError")] * 3,
        Unclear(ARRIVED),
        Unclear(ARRIVED),
        Unclear(LOST),
        Later(0.5),
        Later(8.0),
        Refused("bad"),
        Refused("BUTTON_DATA_INVALID"),
        Shut("Unauthorized"),
    ]
)


@dataclass
class Story:
    """Plays events, and knows what has to be true of them."""

    takes: float
    outcomes: list[Outcome]
    world: DeliveryWorld = field(default_factory=DeliveryWorld)
    next_seq: Counter[int] = field(default_factory=Counter)
    arrived: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    """What arrived at each person, in order: number of the message and of its piece."""
    parts: dict[int, list[tuple[tuple[int, int], ...]]] = field(default_factory=lambda: defaultdict(list))
    excuses: Counter[int] = field(default_factory=Counter)
    """How many extra copies of a part each person may have got."""
    refused: Counter[int] = field(default_factory=Counter)
    stopped: dict[int, int] = field(default_factory=dict)
    """The first number that counts again after somebody stopped."""
    late: list[tuple[int, int]] = field(default_factory=list)
    cut_at: str = ""

    def __post_init__(self) -> None:
        self.world.sender.takes = self.takes
        self.world.sender.answer = self._answer

    async def play(self, events: list[Event]) -> None:
        """All of them, and then everything is well again for long enough."""
        failpoints.hook = self._pass
        try:
            await self.world.start()
            for event in events:
                await self._play(event)
            await self._kill()
            self.outcomes, self.world.book.is_away = [], False
            await self.world.start()
            await self.world.clock.turn(400)
            await self.world.stop()
        finally:
            failpoints.hook = None

    async def _play(self, event: Event) -> None:
        match event:
            case Reply(person, kinds):
                self.world.reply(person, *[(message[0], message[1]) for message in self._made(person, kinds)])
                await self.world.clock.turn()
            case Written(person, kinds):
                for seq, message in self._made(person, kinds):
                    self.world.queue(person, seq, message)
            case Stop(person):
                self.world.cancel(person)
                self.world.delivery.forget(person)
                ((seq, goodbye),) = self._made(person, ("said",))
                self.stopped[person] = seq
                self.world.reply(person, (seq, goodbye))
            case Wait(seconds):
                await self.world.clock.turn(seconds)
            case Away(is_away):
                self.world.book.is_away = is_away
            case Restart("in order"):
                await self.world.stop()
                await self._kill(started=False)
                await self.world.start()
            case Restart("now"):
                await self._kill()
                await self.world.start()
            case Restart(place):
                self.cut_at = place
        if self.world.is_dead:
            await self._kill()
            await self.world.start()

    async def _kill(self, *, started: bool = True) -> None:
        """Everybody to whom something is on its way, or not yet marked, may get it once more."""
        for person in PEOPLE:
            self.excuses[person] += 1
        self.cut_at = ""
        if started:
            await self.world.kill()

    def _pass(self, place: str) -> None:
        if place == self.cut_at:
            self.world.cut()

    def _made(self, person: int, kinds: tuple[str, ...]) -> list[tuple[int, Outbound]]:
        made = []
        for kind in kinds:
            self.next_seq[person] += 1
            seq = self.next_seq[person]
            pieces = {"long": 2, "longer": 3}.get(kind, 1)
            text = "".join(f"<{seq}.{piece}>".ljust(ROOM if pieces > 1 else 1) for piece in range(pieces)).rstrip()
            if kind == "redrawn":
                made.append((seq, redrawn("41", text)))
            else:
                made.append((seq, asked(text) if kind in ("asked", "longer") else said(text)))
        self.next_seq[person] += 1
        return made

    def _answer(self, address: str, part: Part) -> Outcome:
        outcome = self.outcomes.pop(0) if self.outcomes else Sent()
        person = int(address[1:])
        if isinstance(outcome, Sent) or outcome == Unclear(ARRIVED):
            text = part.text or part.keyboard[0][0].label
            tokens = tuple((int(seq), int(piece)) for seq, piece in TOKEN.findall(text))
            self.arrived[person] += tokens
            self.parts[person].append(tokens)
            self.late += [(person, seq) for seq, _ in tokens if seq < self.stopped.get(person, 0)]
        if isinstance(outcome, Unclear):
            self.excuses[person] += 1
            self.refused[person] += 1
        if isinstance(outcome, Refused | Gone):
            self.refused[person] += 1
        return outcome

    # What has to be true ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        for person in PEOPLE:
            self._check_order(person)
            self._check_copies(person)
            self._check_states(person)

    def _check_order(self, person: int) -> None:
        """Only what was sent last may come again."""
        in_order = sorted(self.arrived[person])
        first: list[tuple[int, int]] = []
        for token in self.arrived[person]:
            if token not in first:
                first.append(token)
        assert first == sorted(first), f"participant {person}: {self.arrived[person]} instead of {in_order}"
        for before, after in zip(self.parts[person], self.parts[person][1:], strict=False):
            assert after >= before, f"participant {person}: {after} came behind {before}"

    def _check_copies(self, person: int) -> None:
        copies = len(self.parts[person]) - len({token for part in self.parts[person] for token in part[:1]})
        assert copies <= self.excuses[person], f"participant {person}: {copies} extra copies"

    def _check_states(self, person: int) -> None:
        tokens = set(self.arrived[person])
        rows = {seq: row for (owner, seq), row in sorted(self.world.book.rows.items()) if owner == person}
        newest = max((seq for seq, row in rows.items() if row.message and row.message.edits), default=0)
        for seq, row in rows.items():
            assert row.state != "queued", f"participant {person}: {seq} is left behind"
            assert row.message is not None
            if row.state == "dead":
                assert self.refused[person], f"participant {person}: {seq} was given up for nothing"
            elif row.state == "cancelled":
                assert seq < self.stopped.get(person, 0), f"participant {person}: {seq} was cancelled"
            elif not row.message.edits or seq == newest:
                wanted = set(TOKEN.findall(row.message.text or row.message.buttons[0].label))
                assert {(int(one), int(piece)) for one, piece in wanted} <= tokens, (
                    f"participant {person}: {seq} is lost"
                )


@settings(max_examples=120)
@given(st.lists(EVENTS, max_size=25), st.lists(OUTCOMES, max_size=40), st.sampled_from([0.0, 0.0, 0.4]))
def test_order_holds_nothing_is_lost_and_nothing_comes_twice_without_a_reason(
    events: list[Event], outcomes: list[Outcome], takes: float
) -> None:
    story = Story(takes, list(outcomes))
    asyncio.run(story.play(events))
    story.check()
    if not takes:
        assert not story.late, "after a stop something came that was from before"


@pytest.mark.parametrize("place", PLACES)
async def test_the_story_really_dies_at_each_place(place: str) -> None:
    story = Story(0.0, [])
    await story.play([Reply(1, ("asked",)), Restart(place), Reply(2, ("asked",)), Wait(3.0)])
    story.check()
    assert len(story.parts[2]) == (2 if place == "delivery.after_send" else 1)
