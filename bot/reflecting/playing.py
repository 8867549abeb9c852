"""Playing: a specialist's own check-in as a conversation: the same engine, and nothing that anybody else is told.

Every function takes an open transaction. Nothing here names a participant, writes a message, or leaves a record of who
uses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from bot import hearing
from bot.aggregates.month import Month
from bot.messages import Inbound
from bot.reflecting.meaning import added_to_team
from bot.reflecting.names import holds_a_name
from bot.rendering import Voice, rendered
from bot.shelf import Published, ScriptShelf
from bot.speaking import Speaking
from dialogues import engine
from dialogues.events import NotUnderstood
from dialogues.meanings import KEEP
from dialogues.model import Ask, Script
from dialogues.rotation import resting_by_rotation
from dialogues.session import Answer, Session
from storage import people, reflections, team_answers
from storage.people import Staff
from storage.reflections import CLOSED, OPEN, Reflection
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Setting:
    """What own check-ins stand on."""

    vault: Vault
    shelf: ScriptShelf
    speaking: Speaking


@dataclass(frozen=True, slots=True)
class Opened:
    """One own check-in with its script and its words."""

    kept: Reflection
    published: Published
    voice: Voice
    session: Session

    @property
    def script(self) -> Script:
        """The version it began with."""
        return self.published.script

    @property
    def mark(self) -> str:
        """Tells how far it has come: a form that was made before then answers nothing any more."""
        return sha256(b"%d|" % self.kept.number + self.kept.session).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of an answer. ``text`` says why it is none, and is empty when it was taken; ``typed`` is what was
    written then, so that nobody has to write it again."""

    text: str = ""
    typed: str = field(default="", repr=False)


def opened(conn: Connection, setting: Setting, staff: Staff, kept: Reflection) -> Opened:
    """An own check-in, ready to be worded or played."""
    published = setting.shelf.get(conn, kept.dialogue, kept.version)
    who = {"name": staff.name, "specialist": staff.name, "month": ""}.__getitem__
    voice = setting.speaking.voice(published, staff.language, kept.number, who)
    return Opened(kept, published, voice, Session.from_json(kept.session))


def waiting(kept: Sequence[Reflection]) -> Reflection | None:
    """The one that is not finished, if there is one."""
    return next((one for one in kept if one.state == OPEN), None)


def begin(conn: Connection, setting: Setting, staff: Staff, dialogue: str, now: datetime) -> None:
    """Begin one. It has no effect while another one is open, or when there is nothing to ask."""
    kept = reflections.keeping(conn, setting.vault, staff.id)
    published = setting.shelf.latest(conn, dialogue)
    if published is None or waiting(kept) is not None:
        return
    session, _ = engine.start(published.script, *_memory(published.script, kept, now), sharing=KEEP)
    if not session.closed:
        reflections.begin(
            conn,
            setting.vault,
            staff.id,
            dialogue=dialogue,
            version=published.version,
            session=session.to_json(),
            now=now,
        )


def hear(conn: Connection, setting: Setting, staff: Staff, inbound: Inbound, now: datetime) -> Heard:
    """Take an answer to the question that waits. Its ``id`` is the ``mark`` of the page it was given on: a second copy
    and an old page change nothing. Words that hold the name of somebody who is accompanied are not kept."""
    one = waiting(reflections.keeping(conn, setting.vault, staff.id))
    if one is None:
        return Heard()
    talk = opened(conn, setting, staff, one)
    ui, at = talk.voice.ui, talk.session.waiting
    if inbound.id != talk.mark or (inbound.tap is not None and inbound.tap.step != at):
        return Heard(ui["staff/own_moved_on"])
    accompanied = people.caseload(conn, setting.vault, staff.id)
    if holds_a_name(inbound.text, [name for each in accompanied for name in (each.name, each.pseudonym)]):
        return Heard(ui["staff/own_names"], inbound.text)
    given = hearing.meant(
        inbound,
        talk.script,
        talk.session,
        ui,
        lambda ask: setting.speaking.vocabulary(talk.published, ask, talk.voice),
    )
    session, events = engine.play(talk.script, talk.session, given)
    if events and isinstance(events[0], NotUnderstood):
        return Heard(rendered(talk.voice, session, events[:1])[0].text, inbound.text)
    _keep(conn, setting, staff, one, session, now)
    return Heard()


def forget(conn: Connection, setting: Setting, staff: Staff, number: int | None, now: datetime) -> None:
    """Delete one, or all of them with None. What they added to the count of this month goes too."""
    reflections.keeping(conn, setting.vault, staff.id)
    reflections.forget(conn, staff.id, number)
    _count(conn, setting, staff, now)


def _keep(conn: Connection, setting: Setting, staff: Staff, one: Reflection, session: Session, now: datetime) -> None:
    kept = replace(one, session=session.to_json())
    if not session.closed:
        reflections.change(conn, setting.vault, kept)
        return
    reflections.change(conn, setting.vault, replace(kept, state=CLOSED, ended_at=now))
    _count(conn, setting, staff, now)


def _count(conn: Connection, setting: Setting, staff: Staff, now: datetime) -> None:
    """This month's answers for the team: those of the last finished check-in that adds any."""
    month = Month.of(now)
    added: Mapping[str, str] = {}
    for one in reflections.all_of(conn, setting.vault, staff.id):
        if not added and one.ended_at is not None and Month.of(one.ended_at) == month:
            script = setting.shelf.get(conn, one.dialogue, one.version).script
            added = added_to_team(script, Session.from_json(one.session))
    team_answers.put(conn, setting.vault, staff.id, str(month), added)


def _memory(script: Script, kept: Sequence[Reflection], now: datetime) -> tuple[Mapping[str, Answer], frozenset[str]]:
    """What earlier own check-ins leave: answers that are remembered, and questions that are still resting."""
    done = [(one.started_at, name, record) for one in reversed(kept) for name, record in _done(one)]
    latest = {name: record for _, name, record in done if isinstance(record, Answer)}
    asked = {name: at for at, name, _ in done}
    resting = (
        step.key
        for step in script.steps
        if isinstance(step, Ask) and step.rest and step.key in asked and now - asked[step.key] < step.rest
    )
    remembered = {name: latest[key] for name, key in script.remember.items() if key in latest}
    return remembered, frozenset((*resting, *resting_by_rotation(script, asked)))


def _done(one: Reflection) -> Sequence[tuple[str, object]]:
    return tuple(Session.from_json(one.session).done.items())
