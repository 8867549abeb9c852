"""Staff chats: tells members of staff in a messenger that their overview is ready, or what cannot wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bot.delivery.outcomes import Failed, Gone, Later, Outcome, Refused, Sent, Shut, Unclear
from bot.digest.words import Wordings
from bot.messages import Outbound
from storage import staff_addresses
from storage.database import Database, StorageAway
from storage.people import Staff
from storage.staff_addresses import Place

Told = Literal["sent", "held", "later", "away", "not_here"]
"""What became of it. ``held``: nobody knows. With the others it surely did not arrive. ``later``: the messenger asks
for a little time. ``away``: it cannot be asked now. ``not_here``: this chat does not take it."""


class Bot(Protocol):
    """A bot as it is needed here."""

    async def tell(self, address: str, message: Outbound) -> Outcome:
        """Say something at an address, beside all conversations. Raises nothing."""
        ...


@dataclass(frozen=True, slots=True)
class StaffChats:
    """The chats of one deployment. ``bots`` are its bots by channel, ``pages`` the address of the pages without a slash
    at its end.

    Any process tells, whichever leads: a member of staff is told once a day, one after the other, so the messages of
    participants are not held up.
    """

    database: Database
    catalogs: Wordings
    bots: Mapping[str, Bot]
    pages: str
    now: Callable[[], datetime]
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tell(self, staff: Staff, place: Place) -> Told:
        """Tell one specialist that the overview is ready."""
        return await self.say(staff, place, f"{self._words(staff)['staff/ready']}\n{self.pages}/digest")

    async def say(self, staff: Staff, place: Place, text: str) -> Told:
        """Say something to somebody on the staff, in their language. An address that refuses is not used again until
        somebody is there."""
        bot = self.bots.get(place.channel)
        if bot is None:  # its token is not in the settings any more
            return "not_here"
        async with self._one_by_one:
            outcome = await bot.tell(place.address, Outbound("note", self._language(staff), text))
        if isinstance(outcome, Gone):
            now = self.now()
            with suppress(StorageAway):  # then it is found out again with the next message
                await self.database.write(lambda conn: staff_addresses.unreachable(conn, staff.id, place.channel, now))
        return _told(outcome)

    def _words(self, staff: Staff) -> Mapping[str, str]:
        return self.catalogs.ui(self._language(staff))

    def _language(self, staff: Staff) -> str:
        offered = self.catalogs.staff_languages
        return staff.language if staff.language in offered else offered[0]


def _told(outcome: Outcome) -> Told:
    match outcome:
        case Sent():
            return "sent"
        case Unclear():
            return "held"
        case Later():
            return "later"
        case Failed() | Shut():
            return "away"
        case Gone() | Refused():
            return "not_here"
