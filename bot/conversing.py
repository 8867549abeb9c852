"""Conversing: one person's part of a batch. Hears that person's messages in order and keeps what has to be stored.

Nothing here writes on its own: ``bot.batch`` loads before and stores after, in one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bot import afterthoughts, agreeing, breaks, expecting, hearing, opening, reading_aloud, remarks, showing, wishes
from bot.calendars import Calendar
from bot.catalogs.forms import NEUTRAL
from bot.commands import Command, Commands
from bot.dates import moment_text
from bot.keeping import Kept, Occasion
from bot.messages import AWAY, WEB, Inbound, Outbound, Tap
from bot.own_data import NO_PAGE, Page
from bot.past import Past
from bot.programme import Programme
from bot.recordings import SILENCE, Recordings
from bot.rendering import Voice, rendered, shows_faces, tells_of_translation
from bot.schedule import Open, reacted
from bot.shelf import Published, ScriptShelf
from bot.speaking import Speaking
from bot.telling import Kind, Telling
from bot.timetable import Timetable
from bot.translating import is_same_language
from bot.translating.choosing import is_wanted, may_translate
from dialogues import engine
from dialogues.answers import Vocabulary
from dialogues.events import Answered, Closed, Corrected, Event, Picked, Shared
from dialogues.model import Ask, Script
from dialogues.session import Session
from dialogues.ticks import are_taken
from storage import people
from storage.checkins import Talk
from storage.contacts import Planned
from storage.vault import Cipher, Vault

KEPT = (Answered, Corrected, Shared)
"""The events that leave something behind."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every conversation of this deployment stands on."""

    vault: Vault
    shelf: ScriptShelf
    speaking: Speaking
    telling: Telling
    commands: Commands
    programme: Programme
    calendar: Calendar
    address: str = ""
    """Where people reach the pages, without a slash at the end; "" where nobody knows."""
    translates: bool = False
    """A program puts own words that are shared into the language of whoever reads them."""
    recordings: Recordings = SILENCE
    """The texts that somebody has read out."""


class Conversing(msgspec.Struct, eq=False):
    """One participant while a batch is answered, and what is to be stored of it afterwards."""

    setting: Setting
    past: Past
    id: int
    cipher: Cipher
    sealed_name: bytes
    language: str
    state: str
    next_seq: int
    next_conversation: int
    talk: Talk | None
    timetable: Timetable
    at: datetime
    """The moment of what is being answered or done."""
    kept: Kept
    """What is to be stored, sealed with this person's key."""
    published: Published | None = None
    session: Session | None = None
    begun: list[Talk] = []
    ended: list[Talk] = []
    resumed: set[int] = set()
    """Numbers of conversations that were set aside and go on."""
    left: bool = False
    """They want nothing more: what is on its way to them is held back."""
    touched: bool = False
    asked_seq: int = 0
    """The number under which what waits was asked; 0 where nothing was."""
    told_early: str = ""
    """What they were told in this batch about something that came too soon: a long text in pieces needs it once."""
    voice: Voice | None = None
    channel: str = WEB
    """Where the message came from that is being answered."""
    reachable: bool = True
    ran_out: bool = False
    """A check-in ran out, and this is the first that is heard of them since."""

    def hear(self, inbound: Inbound) -> tuple[int, int, str, list[tuple[int, Outbound]]]:
        """Take one message: its number, its conversation, what the person said in words, and what they are told."""
        seq, self.at = self.seq(), inbound.at
        self.speak_in(inbound.channel)
        self.open()
        before, waited, spoken = self.talk.number if self.talk else 0, self.waiting(), self.language
        expired = self._expired(inbound.at)
        self._react(inbound)
        number, said = before, inbound.text
        if self.talk is not None and self.session is not None:
            inbound = self._in_full(inbound)
            number, said = self.talk.number, hearing.said(inbound, self.words(), self.session)
        told = [*expired, *self._reply(inbound, seq)]
        told = reading_aloud.with_recordings(self, told, asks_again=(waited, spoken) == (self.waiting(), self.language))
        messages = [(self.seq(), message) for message in told]
        number = number or (self.talk.number if self.talk else self._on_the_page())
        self.asked(messages, inbound, waited)
        return seq, number, said, messages

    def let_go(self) -> None:
        """The batch is over: what leads from here back to here goes, or all of this would stay until the garbage
        collector looks for it, which holds up everybody who writes then."""
        self.voice = None

    def speak_in(self, channel: str) -> None:
        """What is said now is said there."""
        if channel != self.channel:
            self.channel, self.voice = channel, None

    def _on_the_page(self) -> int:
        """Where something stands that belongs to no conversation: on the page below the last one, elsewhere nowhere."""
        return self.next_conversation - 1 if self.channel == WEB else 0

    # What was sent ------------------------------------------------------------------------------------------------

    def _reply(self, inbound: Inbound, seq: int) -> list[Outbound]:
        if inbound.edit:
            return afterthoughts.edited(self, inbound, seq)
        if inbound.unread and not inbound.text:
            return [self.told("ui/messenger.unread")]
        if inbound.unread:
            return [self.told("ui/messenger.words_only"), *self._typed(inbound, seq)]
        return self._typed(inbound, seq) if inbound.tap is None else self._tapped(inbound.tap, inbound, seq)

    def _typed(self, inbound: Inbound, seq: int) -> list[Outbound]:
        if command := self.setting.commands.find(inbound.text):
            return self.obey(command, inbound, seq)
        if self.talk is None:
            return [self.idle()]
        if afterthoughts.is_early(self, inbound):
            return afterthoughts.take_early(self, inbound, seq)
        return self.hear_out(inbound, seq)

    def _tapped(self, tap: Tap, inbound: Inbound, seq: int) -> list[Outbound]:
        match tap.action:
            case "language":
                return self._speak(tap.choices[0] if tap.choices else "", inbound)
            case "again":
                return self._back_again(tap, inbound, seq)
            case "help":
                return [self.telling.help(self.language)]
            case "start":
                return self.play(engine.Again(), inbound, seq) if self.talk else opening.start(self, inbound)
            case "open" if tap.choices:
                return opening.open_(self, tap.choices[0], inbound, seq)
            case "menu" | "open":
                return [opening.menu(self)]
            case "remark":
                return remarks.take(self, tap, inbound, seq)
            case "time" | "pause" if not tap.choices:
                return self.obey(Command(tap.action), inbound, seq)
            case "pause":
                return [breaks.take(self, tap.choices[0], inbound.at)]
        if self.talk is None or self.session is None or self.published is None:
            return [self.idle()]
        if (tap.conversation, tap.step) == (self.talk.number, self.session.waiting):
            return self.hear_out(inbound, seq)
        here = tap.conversation == self.talk.number
        if here and hearing.is_second_press(tap, self.published.script, self.session):
            return [self.told("ui/messenger.already_saved")]
        return [self.words().note("ui/old_button"), *self.play(engine.Again(), inbound, seq)]

    def hear_out(self, inbound: Inbound, seq: int) -> list[Outbound]:
        """What the message says to the step that waits. Ticks that stand in the chat are taken away with its answer."""
        assert self.session is not None and self.published is not None, "an open conversation has a session"  # noqa: PT018
        step, waiting = self.published.script.step(self.session.waiting), self.session.waiting
        ticking = bool(inbound.of) and are_taken(step, self.session)
        given = hearing.meant(inbound, self.published.script, self.session, self.words().ui, self.vocabulary)
        messages = self.play(given, inbound, seq)
        if ticking and (self.session is None or self.session.waiting != waiting or not are_taken(step, self.session)):
            messages.append(Outbound("redrawn", self.language, "", edits=inbound.of))
        return messages

    def _in_full(self, inbound: Inbound) -> Inbound:
        if inbound.tap is None or self.published is None or self.session is None:
            return inbound
        full = hearing.in_full(inbound.tap, self.published.script, self.session)
        return inbound if full is inbound.tap else msgspec.structs.replace(inbound, tap=full)

    def _back_again(self, tap: Tap, inbound: Inbound, seq: int) -> list[Outbound]:
        """What waits is asked again; ``tap`` may say from when to when we were away."""
        if self.talk is None:
            return [] if AWAY in tap.choices else [self.idle()]
        messages = self.play(engine.Again(), inbound, seq)
        match tap.choices:
            case (one,) if one == AWAY:
                return [self.words().note("ui/messenger.gap"), *messages]
            case (one, *moments) if one == AWAY:
                zone, language = self.setting.programme.time_zone, self.words().language
                start, end = (moment_text(moment, zone, language) for moment in moments)
                return [self.words().note("ui/messenger.long_gap", start=start, end=end), *messages]
            case _:
                return messages

    def vocabulary(self, step: Ask) -> Vocabulary:
        assert self.published is not None, "an open conversation has a script"
        return self.setting.speaking.vocabulary(self.published, step, self.words())

    def obey(self, command: Command, inbound: Inbound, seq: int) -> list[Outbound]:
        match command:
            case Command.START:
                return self.play(engine.Again(), inbound, seq) if self.talk else opening.start(self, inbound)
            case Command.MENU:
                return [opening.menu(self)]
            case Command.QUESTION:
                return remarks.ask(self)
            case Command.LANGUAGE:
                return [self.choose_language()]
            case Command.PAUSE | Command.STOP:
                return breaks.leave(self, command, inbound)
            case Command.TIME:
                return breaks.ask_time(self, inbound, seq)
            case Command.HELP | Command.MYDATA:
                told = self.telling.help(self.language) if command is Command.HELP else self._own_data()
                return [told, *(self.play(engine.Again(), inbound, seq) if self.talk else [])]
            case Command.BACK | Command.SKIP if self.talk:
                return self.play(engine.Back() if command is Command.BACK else engine.Skip(), inbound, seq)
            case Command.DELETE if self.talk:
                return afterthoughts.take_back(self, inbound, seq)
            case Command.DELETE:
                return [self.told("ui/delete.none")]
            case _:
                return [self.idle()]

    # What happens -------------------------------------------------------------------------------------------------

    def come_back(self, now: datetime) -> None:
        """There is no break any more."""
        self.state = "active"
        self.timetable.resume(now)

    def play(self, given: engine.Input, inbound: Inbound, seq: int) -> list[Outbound]:
        """Give the engine an input: what the person is told."""
        assert self.session is not None and self.published is not None, "an open conversation has a session"  # noqa: PT018
        return self.after(engine.play(self.published.script, self.session, given), inbound, seq)

    def after(self, played: engine.Played, inbound: Inbound, seq: int) -> list[Outbound]:
        """Keep what the engine made of an input: what the person is told."""
        self.session, events = played
        self.touched = True
        kept_for_later: list[Outbound] = []
        if events:
            occasion = self.occasion(inbound, seq)
            for event in events:
                if not isinstance(event, KEPT):
                    continue
                wishes.plan(self, event, inbound.at)
                if isinstance(event, Shared) and wishes.promises(occasion.script, event):
                    kept_for_later.append(wishes.promise(self, event, occasion))
                    continue
                self.kept.keep(event, occasion)
                if isinstance(event, Shared):
                    agreeing.proposed(self, event.lines, inbound.at)
        if events and isinstance(events[0], Picked):
            return [self._redrawn(inbound)]
        told = [event for event in events if not (kept_for_later and isinstance(event, Shared))]
        if self.setting.translates:
            self._remember_told(told)
        messages = [*kept_for_later, *showing.with_pictures(self, rendered(self.words(), self.session, told))]
        if events and isinstance(events[-1], Closed):
            messages = opening.go_on(self, messages, inbound)
        return messages

    def _redrawn(self, inbound: Inbound) -> Outbound:
        """The buttons under the message that was tapped, as they stand now."""
        assert self.session is not None and self.published is not None, "an open conversation has a session"  # noqa: PT018
        _, events = engine.play(self.published.script, self.session, engine.Again())
        prompt = rendered(self.words(), self.session, events)[-1]
        return msgspec.structs.replace(prompt, kind="redrawn", edits=inbound.of) if inbound.of else prompt

    def open_session(self) -> tuple[Script, Session]:
        """The open conversation, which there has to be."""
        assert self.session is not None and self.published is not None, "a conversation is open"  # noqa: PT018
        return self.published.script, self.session

    def occasion(self, inbound: Inbound, seq: int) -> Occasion:
        """What is being said now, for what is kept of it."""
        assert self.talk is not None, "a conversation is open"
        language = self.words().language
        about = self.open_session()
        return Occasion(
            self.talk,
            *about,
            language,
            inbound.channel,
            inbound.at,
            seq,
            self._may_translate,
            lambda step: shows_faces(self.words(), step),
        )

    def translates(self) -> bool:
        """Whether a program puts what the person writes into the language of whoever reads it: where they differ, and
        the person did not switch it off."""
        if not self.setting.translates or not is_wanted(self.timetable.agenda):
            return False
        reads = self.past.reads_in(self.id)
        return bool(reads) and not is_same_language(reads, self.words().language)

    def _may_translate(self) -> bool:
        return self.translates() and may_translate(self.timetable.agenda)

    def _remember_told(self, events: Sequence[Event]) -> None:
        """That the person has read by now what a program does with their words."""
        assert self.session is not None, "a conversation is open"
        agenda = self.timetable.agenda
        if not agenda.told_of_translation and any(
            tells_of_translation(self.words(), self.session, event) for event in events
        ):
            self.timetable.keep(msgspec.structs.replace(agenda, told_of_translation=True))

    def _expired(self, now: datetime) -> list[Outbound]:
        """A conversation that was open for too long is closed honestly; nothing of it leaves."""
        if self.talk is None or self.talk.closes_at is None or now <= self.talk.closes_at:
            return []
        note = self.words().note("ui/expired")
        self.end("expired", now)
        return [note]

    def _react(self, inbound: Inbound) -> None:
        """The person is there. What Medvind says in their name after a time away is no sign of them."""
        is_ours = inbound.tap is not None and inbound.tap.choices[:1] == (AWAY,)
        if is_ours or (self.talk is not None and self.talk.reacted_at is not None):
            return
        if self.talk is not None:
            self.talk, self.touched = msgspec.structs.replace(self.talk, reacted_at=inbound.at), True
        before = self.timetable.agenda
        self.ran_out = bool(before.closed) and self.talk is None
        after = reacted(before, inbound.at)
        if after != before or self.talk is not None:
            self.timetable.keep(after)

    def _speak(self, language: str, inbound: Inbound) -> list[Outbound]:
        """Another language, at the same place. What waits is asked again in it."""
        if language not in self.setting.speaking.catalogs.languages:
            return [self.choose_language()]
        changed = language != self.language
        self.language, self.voice = language, None
        if self.talk is None:
            return [self.told("ui/language.changed") if changed else self.idle()]
        at_once = self.words().language == language
        told = [self.told("ui/language.changed" if at_once else "ui/language.later")] if changed else []
        return [*told, *self.play(engine.Again(), inbound, 0)]

    # Around the conversation --------------------------------------------------------------------------------------

    def open(self) -> None:
        """The open conversation, ready to go on: read once a batch."""
        if self.talk is None or self.session is not None:
            return
        talk = self.talk
        self.published = self.past.script(talk.dialogue, talk.version)
        place = f"conversation.session|{self.id}|{talk.number}"
        self.session = Session.from_json(self.cipher.open(place, talk.sealed_session))

    def sealed(self) -> Talk | None:
        """The conversation as it is to be stored."""
        if self.talk is None or self.session is None or not self.touched:
            return None
        place = f"conversation.session|{self.id}|{self.talk.number}"
        sealed = self.cipher.seal(place, self.session.to_json())
        return msgspec.structs.replace(self.talk, sealed_session=sealed, asked_seq=self.asked_seq)

    def leave_broken(self, at: datetime) -> None:
        """End a conversation that cannot be opened, as it is: whoever starts again gets a new one."""
        if self.talk is None:
            return
        try:
            self.open()
        except Exception:
            self.ended.append(msgspec.structs.replace(self.talk, state="broken", ended_at=at))
            self.talk = None

    def end(self, state: str, at: datetime | None, *, keep_aside: bool = False) -> None:
        """The conversation is over, or is set aside, and is stored as it stands. What was set aside for it is over too,
        unless the caller sees to it."""
        assert self.talk is not None, "only an open conversation ends"
        self.touched = self.timetable.touched = True
        aside = None if keep_aside else self.talk.resumes
        if at is not None:
            agreeing.settle(self, at)
        self.talk = msgspec.structs.replace(self.talk, state=state, ended_at=at)
        sealed = self.sealed()
        assert sealed is not None, "an open conversation has a session"
        self.ended.append(sealed)
        self.talk = self.session = self.published = self.voice = None
        self.touched = False
        if aside is not None and at is not None:
            opening.expire_aside(self, aside, at)

    def set_aside(self, number: int) -> Talk | None:
        """A conversation that was set aside; None when it is not any more."""
        here = next((talk for talk in reversed(self.ended) if talk.number == number), None)
        talk = here or self.past.talk(self.id, number)
        return talk if talk is not None and talk.state == "aside" else None

    def words(self) -> Voice:
        if self.voice is None:
            assert self.published is not None and self.talk is not None, "a conversation is open"  # noqa: PT018
            speaking = self.setting.speaking
            programme = self.setting.programme
            about_agreement = self.talk.dialogue in (programme.agreement, programme.agreement_day)
            discreet = self.channel != WEB and not about_agreement
            self.voice = speaking.voice(
                self.published,
                self.language,
                self.talk.number,
                self.who,
                discreet=discreet,
                form=self.form,
                translates=self.translates,
                expected=lambda: expecting.of_turn(self),
                wants_faces=lambda: self.timetable.wants_faces,
            )
        return self.voice

    def who(self, wanted: str) -> str:
        """Who or what a name stands for in texts (``bot.speaking.Who``)."""
        match wanted:
            case "name":
                return people.participant_name(self.cipher, self.id, self.sealed_name)
            case "specialist":
                return self.past.specialist(self.id, self.setting.vault)
            case "month":
                return showing.month(self)
        raise KeyError(wanted)

    def waits(self) -> Open | None:
        """What is open, as the rules of time look at it."""
        if self.talk is None:
            return None
        talk, script = self.talk, self.past.script(self.talk.dialogue, self.talk.version).script
        remind = talk.started_at + script.remind_after if script.remind_after else None
        programme, reacted_to = self.setting.programme, talk.reacted_at is not None
        counts, is_pulse = programme.is_check_in(talk.dialogue), talk.dialogue == programme.pulse
        return Open(talk.number, talk.started_at, remind, talk.closes_at, counts, reacted_to, is_pulse)

    def planned(self, now: datetime) -> Planned:
        """When Medvind has to look at this person again."""
        return self.timetable.stored(self.timetable.standing(self.state, self.waits(), reachable=self.reachable), now)

    @property
    def form(self) -> str:
        """The words for women or men that the person chose. Where their language has none, the plan stays closed."""
        varies = self.setting.speaking.catalogs.varies(self.setting.telling.offered(self.language))
        return self.timetable.form if varies else NEUTRAL

    @property
    def telling(self) -> Telling:
        """What is said beside the conversation, in these words."""
        return self.setting.telling.in_form(self.form)

    def told(self, context: str, kind: Kind = "note", **values: str) -> Outbound:
        """A sentence of the wording, outside the conversation."""
        return self.telling.told(self.language, context, kind, **values)

    def idle(self) -> Outbound:
        """That nothing waits, and why something may seem to."""
        return self.told("ui/expired" if self.ran_out else "ui/nothing_open", kind="closed")

    def trouble(self, conversation: int) -> Outbound:
        """What is said when a message could not be answered through a fault of ours: maybe nothing can be opened."""
        told = self.setting.telling.told(self.language, "ui/trouble")
        return msgspec.structs.replace(told, conversation=conversation)

    def _own_data(self) -> Outbound:
        shared = self.past.shared(self.id, self.cipher)
        return self.telling.own_data(self.language, self.who("specialist"), shared, self._my_page())

    def _my_page(self) -> Page:
        """How the person comes to My page from here: others may see a messenger, so the way there is open once."""
        if self.channel == WEB:
            return Page(is_beside=True)
        if not self.setting.address:
            return NO_PAGE
        token = secrets.token_urlsafe(16)
        self.kept.doors.append(token)
        return Page(f"{self.setting.address}/me/in/{token}")

    def choose_language(self) -> Outbound:
        """The languages to choose from."""
        return self.telling.languages(self.language, *self.waiting()[:2])

    def asked(self, messages: list[tuple[int, Outbound]], inbound: Inbound, waited: tuple[int, str, bool]) -> None:
        """Remember which of the messages asks what waits now. What waits still and was asked here before was seen then:
        an answer that crosses with the second asking is an answer."""
        if self.talk is None:
            return
        seq = next((seq for seq, message in reversed(messages) if message.kind in ("asked", "offered")), 0)
        if not seq:
            return
        if waited == self.waiting():
            before = self.past.handed_over(self.id, self.asked_seq)
            if before is not None and before.channel == inbound.channel:
                return
        self.asked_seq, self.touched = seq, True

    def waiting(self) -> tuple[int, str, bool]:
        """The conversation and the step that wait, and whether it is about single lines by now; nothing is
        (0, "", False)."""
        if self.talk is None or self.session is None:
            return 0, "", False
        return self.talk.number, self.session.waiting, self.session.choosing

    def seq(self) -> int:
        """The next number of a message of this person's, in or out."""
        self.next_seq += 1
        return self.next_seq - 1
