"""Admission: how a stranger in a messenger becomes somebody who takes part, in two steps.

A stranger who brings an invitation waits and is told a number. When the specialist has heard that number from the
person, the address becomes theirs, and only then is anything else said there. Whatever other strangers send gets one
sentence, the same for all, and nothing of it is kept. Somebody on the staff can be told in a messenger that an overview
is ready (``bot.staff_door``); what they write there gets one sentence too.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from bot import staff_door, welcome
from bot.catalogs.wished import nearest
from bot.commands import Command, Commands
from bot.invitation import entered
from bot.messages import Outbound, encode
from bot.strangers import Strangers
from bot.welcome import Wordings
from storage import addresses, audit, inbox, invitations, outbox, people
from storage.addresses import AddressTaken, Standing, StillReached
from storage.database import Database
from storage.inbox import Person
from storage.outbox import Queued
from storage.people import Staff
from storage.schema import invitation_attempt
from storage.vault import Erased, Vault

MOST_TRIES = 5
"""Codes from one address that may be wrong before it is not listened to: 40 bits are not guessed at that pace."""
TRIES_COUNT_FOR = timedelta(hours=1)

OPERATOR = "command line"
_OPENS_NOTHING = ""
"""What is looked up where nothing may open, so that everybody costs the same work."""

_log = logging.getLogger(__name__)


class _Knock(NamedTuple):
    """What came from an address where nobody takes part, and when."""

    channel: str
    address: str
    text: str
    secret: str
    """The token or code in it, or empty."""
    suggestion: str
    """A language that is offered, or empty."""
    now: datetime


class _Refused(NamedTuple):
    """How many codes failed within the hour: of this address, and of all. The latter is 0 where none was added."""

    here: int
    everywhere: int = 0


class Admission:
    """Lets people in. ``first`` are languages for strangers whose own is not offered: the first that is offered is
    taken."""

    def __init__(
        self,
        *,
        database: Database,
        vault: Vault,
        catalogs: Wordings,
        first: Sequence[str] = (),
        random: Random | None = None,
    ) -> None:
        self._database = database
        self._vault = vault
        self._texts = catalogs
        self._first = next((code for code in first if code in catalogs.languages), catalogs.languages[0])
        self._random = random or SystemRandom()
        self._commands = Commands([catalogs.ui(language) for language in catalogs.languages])
        self._strangers = Strangers()

    # Knocking -------------------------------------------------------------------------------------------------------

    async def knock(self, channel: str, address: str, text: str, language_code: str, now: datetime) -> Outbound | None:
        """What is said at an address that is not active, or None where nothing is.

        ``text`` is the message, or what came with the link; ``language_code`` is the messenger's suggestion, such as
        "pt-br", or empty. None too where somebody takes part meanwhile: then the message is theirs, for the turn.
        Raises StorageAway, and has then done nothing.
        """
        who, secret = self._vault.lookup(channel, address), entered(text)
        if self._strangers.is_settled(who, bool(secret), now):
            return None
        suggestion = nearest(language_code, self._texts.languages)
        knock = _Knock(channel, address, text, secret, suggestion, now)
        answer = await self._database.write(lambda conn: self._answer(conn, knock))
        if not isinstance(answer, _Refused):
            self._strangers.forget(who)
            return answer
        self._report(who, answer, now)
        if not self._strangers.may_be_told(who, answer.here >= MOST_TRIES, now):
            return None
        return welcome.closed_door(self._texts, suggestion or self._first)

    def _answer(self, conn: Connection, knock: _Knock) -> Outbound | _Refused | None:
        """Somebody on the staff is told that nobody reads this. An invitation that is opened there stays unused."""
        if told := staff_door.inside(conn, self._vault, self._texts, knock.channel, knock.address):
            return told
        standing = addresses.standing_at(conn, self._vault, knock.channel, knock.address)
        failed = invitations.tries(conn, self._vault, knock.channel, knock.address, knock.now, TRIES_COUNT_FOR)
        counts = bool(knock.secret) and standing is None and failed < MOST_TRIES
        let_in = self._open(conn, knock if counts else knock._replace(secret=_OPENS_NOTHING))
        if standing is not None:
            return self._standing(conn, standing, knock)
        if let_in is not None or not counts:
            return let_in or _Refused(failed)
        hour_ago = knock.now - TRIES_COUNT_FOR
        invitations.forget_tries(conn, hour_ago)
        invitations.failed(conn, self._vault, knock.channel, knock.address, knock.now)
        return _Refused(failed + 1, _tries_everywhere(conn, hour_ago))

    def _open(self, conn: Connection, knock: _Knock) -> Outbound | None:
        """Let in whoever brings an invitation, or a link of the staff pages. An invitation that leads to somebody who
        is reached elsewhere stays unused."""
        try:
            with conn.begin_nested():
                person = invitations.claim(conn, self._vault, knock.secret, knock.now)
                if person is not None:
                    return self._let_wait(conn, person, knock)
            return staff_door.enter(
                conn, self._vault, self._texts, knock.channel, knock.address, knock.secret, knock.now
            )
        except (AddressTaken, StillReached, Erased):
            return None

    def _let_wait(self, conn: Connection, person: int, knock: _Knock) -> Outbound:
        number = f"{self._random.randrange(10_000):04}"
        addresses.claim(conn, self._vault, person, knock.channel, knock.address, number, knock.now)
        details = {"channel": knock.channel, "suggested": knock.suggestion}
        actor = f"participant:{person}"
        audit.record(conn, at=knock.now, actor=actor, action="invitation.used", participant_id=person, details=details)
        return welcome.check_number(self._texts, self._language(conn, person), number)

    def _standing(self, conn: Connection, standing: Standing, knock: _Knock) -> Outbound | None:
        """Somebody who waits is told the same number again, until they do not want to wait any more."""
        person = standing.participant_id
        if standing.state != addresses.WAITING or standing.check_number is None:
            return None
        if self._commands.find(knock.text) is not Command.STOP:
            return welcome.check_number(self._texts, self._language(conn, person), standing.check_number)
        told = welcome.left(self._texts, self._language(conn, person))
        send_away(conn, person, knock.channel, f"participant:{person}", "address.left", knock.now)
        return told

    def _language(self, conn: Connection, person: int) -> str:
        return self._offered(people.participant(conn, self._vault, person).language)

    def _offered(self, language: str) -> str:
        return language if language in self._texts.languages else self._first

    def _report(self, who: bytes, refused: _Refused, now: datetime) -> None:
        if refused.everywhere:
            _log.info("a code opened nothing, at an address with the hash %s", who.hex()[:12])
        if self._strangers.is_alarming(refused.everywhere, now):
            _log.warning("%d codes opened nothing within an hour: somebody may be guessing", refused.everywhere)

    # Confirming -----------------------------------------------------------------------------------------------------

    async def confirm(self, participant_id: int, channel: str, number: str, staff: Staff | None, now: datetime) -> bool:
        """That it is the person: the address becomes theirs, and they are told at once that they can begin.

        ``staff`` is the specialist who says so, or None for the operator. False, and nothing happens, where nobody
        waits with this number or the person is not theirs. Raises StorageAway.
        """

        def work(conn: Connection) -> bool:
            persons = inbox.lock(conn, [participant_id]) if _may_say(conn, participant_id, staff) else []
            if not persons or not addresses.confirm(conn, participant_id, channel, now, check_number=number):
                return False
            self._welcome(conn, persons[0], channel, now)
            _record(conn, participant_id, channel, _actor(staff), "address.confirmed", now)
            return True

        return await self._database.write(work)

    async def refuse(self, participant_id: int, channel: str, number: str, staff: Staff, now: datetime) -> bool:
        """That it is somebody else: nothing is sent, the address is forgotten, and the invitation opens nothing more.
        Otherwise like ``confirm``."""

        def work(conn: Connection) -> bool:
            inbox.lock(conn, [participant_id])
            waiting = [(one.participant_id, one.channel, one.check_number) for one in addresses.waiting(conn, staff.id)]
            if (participant_id, channel, number) not in waiting:
                return False
            send_away(conn, participant_id, channel, _actor(staff), "address.refused", now)
            return True

        return await self._database.write(work)

    def _welcome(self, conn: Connection, person: Person, channel: str, now: datetime) -> None:
        """The next message of this person's own order, as a turn would store it."""
        specialist = people.specialist_of(conn, person.id)
        name = people.staff(conn, self._vault, specialist).name if specialist is not None else ""
        suggestion = _suggestion(conn, person.id, channel)
        message = welcome.ready(self._texts, self._offered(person.language), name, suggestion)
        cipher = self._vault.cipher(f"participant:{person.id}", person.data_key)
        seq = person.next_seq
        sealed = cipher.seal(f"outbox.body|{person.id}|{seq}", encode(message))
        outbox.add(conn, [Queued(person.id, seq, 0, channel, sealed, "queued", now)])
        inbox.advance(
            conn, [inbox.Standing(seq + 1, person.next_conversation, person.language, person.state, person.id)]
        )


def _may_say(conn: Connection, participant_id: int, staff: Staff | None) -> bool:
    return staff is None or people.specialist_of(conn, participant_id) == staff.id


def _actor(staff: Staff | None) -> str:
    return OPERATOR if staff is None else f"staff:{staff.id}"


def send_away(conn: Connection, person: int, channel: str, actor: str, action: str, now: datetime) -> None:
    """Nobody is at this address any more, and no invitation of the person opens anything."""
    addresses.detach(conn, person, channel)
    invitations.revoke(conn, person, now)
    _record(conn, person, channel, actor, action, now)


def _record(conn: Connection, person: int, channel: str, actor: str, action: str, now: datetime) -> None:
    audit.record(conn, at=now, actor=actor, action=action, participant_id=person, details={"channel": channel})


def _suggestion(conn: Connection, person: int, channel: str) -> str:
    """The language that was suggested when they knocked, or empty."""
    used = [one.details for one in audit.records(conn, person) if one.action == "invitation.used" and one.details]
    return next((str(one["suggested"]) for one in reversed(used) if one["channel"] == channel), "")


def _tries_everywhere(conn: Connection, since: datetime) -> int:
    late = select(func.count()).select_from(invitation_attempt).where(invitation_attempt.c.at > since)
    return conn.execute(late).scalar_one()
