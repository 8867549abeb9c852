"""Days: a script tried out as the check-in of a programme while days go by: what comes and when, and what comes of
leaving it alone. Dates and what happens without a word are in English, for whoever tries it out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.app import now as real_now
from bot.channels.terminal import SEES, SEES_NOTHING
from bot.channels.terminal_players import Player
from bot.channels.terminal_stage import PARTICIPANT, Stage, Write, staged
from bot.config import Settings
from bot.dates import weekday_and_date
from bot.messages import Outbound
from bot.passing import Passing, What
from bot.programme import load_programme
from bot.schedule import local_moment, zone_of
from bot.turned_clock import TurnedClock
from storage import coming, contacts

BEGINS = "09:00"
"""The first moment of the first Monday: the first check-in is ahead then, whatever the script."""

SILENT: Mapping[What, str] = {
    "closes": "it closes. Nobody is told.",
    "silence": "Medvind falls silent. Nobody is told. One last note comes in four weeks.",
    "left_out": "a check-in is left out. Nobody is told.",
}
"""What nobody is written to about."""

COUNTED: Mapping[What, tuple[str, str]] = {
    "check_in": ("{n} check-in", "{n} check-ins"),
    "reminder": ("{n} reminder", "{n} reminders"),
    "closes": ("{n} closed by itself", "{n} closed by themselves"),
    "offer": ("{n} offer of something less", "{n} offers of something less"),
    "silence": ("then silence", "silence {n} times"),
    "note": ("{n} last note", "{n} last notes"),
    "pulse": ("{n} pulse", "{n} pulses"),
}


def play_days(
    settings: Settings,
    dialogue: str,
    language: str,
    days: int,
    player: Player,
    write: Write,
    now: Callable[[], datetime] = real_now,
) -> None:
    """Let so many days go by for somebody who takes part, from the next Monday on. Time stands for ``player``.

    It may raise KeyboardInterrupt, which ends it early. Raises what ``staged`` raises.
    """
    zone = load_programme(settings.programme, now().date()).time_zone
    monday = _monday_after(now(), zone)
    clock = TurnedClock(lambda: monday)
    with staged(settings, dialogue, language, clock.now, with_rules=True) as stage:
        stage.runner.run(stage.parts.database.write(lambda conn: contacts.look_again(conn, stage.person, monday)))
        story = Story(stage, Passing(stage.parts, clock), player, write, zone)
        ends = local_moment(monday.astimezone(zone_of(zone)).date() + timedelta(days=days), BEGINS, zone)
        write(f"{player.how}\nIt is {story.when(monday)}. {PARTICIPANT} takes part and has chosen no other time.\n")
        try:
            story.tell(ends)
        except KeyboardInterrupt:
            write("\n--- Stopped before the end. ---")
        story.end(days)


def _monday_after(now: datetime, zone: str) -> datetime:
    today = now.astimezone(zone_of(zone)).date()
    monday = today + timedelta(days=-today.weekday() % 7)
    moment = local_moment(monday, BEGINS, zone)
    return moment if moment > now else local_moment(monday + timedelta(days=7), BEGINS, zone)


@dataclass
class Story:
    """What is shown of the days."""

    stage: Stage
    passing: Passing
    player: Player
    write: Write
    zone: str
    counted: Counter[What] = field(default_factory=Counter)

    def when(self, moment: datetime) -> str:
        """``Tuesday 10 March, 12:30``."""
        local = moment.astimezone(zone_of(self.zone))
        return f"{weekday_and_date(local.date(), 'en')}, {local:%H:%M}"

    def tell(self, ends: datetime) -> None:
        """Everything that comes until then."""
        run = self.stage.runner.run
        while (moment := run(self.passing.next())) is not None and moment <= ends:
            seen = self._numbers()
            came = [happened.what for happened in run(self.passing.at(moment))]
            self.counted.update(came)
            for what in came:
                if what in SILENT:
                    self.write(f"[{self.when(moment)}: {SILENT[what]}]\n")
            if "check_in" in came:
                self.player.begins()
            if set(came) - set(SILENT):
                self._comes(moment, seen)

    def end(self, days: int) -> None:
        """What the specialist would see of it, and how much it was."""
        cards = self.stage.cards()
        self.write(SEES if cards else SEES_NOTHING)
        for shared_at, lines in sorted(cards):
            self.write("\n".join([f"  {self.when(shared_at)}", *lines]))
        parts = [forms[n != 1].format(n=n) for what, forms in COUNTED.items() if (n := self.counted[what])]
        self.write(f"\n{days} day{'' if days == 1 else 's'}: {', '.join(parts) or 'nothing came'}.")

    def _numbers(self) -> int:
        """The number of the last thing that was said."""
        read = self.stage.parts.database.read(lambda conn: coming.persons(conn, [self.stage.person]))
        (person,) = self.stage.runner.run(read)
        return person.next_seq - 1

    def _comes(self, moment: datetime, seen: int) -> None:
        """What has come as the person sees it, and what they do with it."""
        self.write(f"--- {self.when(moment)} ---\n")
        entries = self.stage.runner.run(self.stage.parts.turns.history(self.stage.person, seen))
        messages = [one.outbound for one in entries if one.outbound is not None and not self._says_closed(one.outbound)]
        for message in messages:
            self.stage.show(self.write, message)
        waiting = messages[-1] if messages else None
        while waiting is not None and (typed := self.player.reply(waiting)) is not None:
            waiting = self._answered(waiting, typed)

    def _answered(self, waiting: Outbound, typed: str) -> Outbound | None:
        """What waits now; None when nothing does."""
        told = self.stage.type(self.write, waiting, typed)
        return None if told.kind == "closed" and not told.buttons else told

    def _says_closed(self, message: Outbound) -> bool:
        """It stands where the question was, for whoever looks. Here it is said in brackets."""
        return message.text == self.stage.screen(message.language).ui["ui/expired"]
