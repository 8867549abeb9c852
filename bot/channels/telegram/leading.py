"""Leading: who no longer knows for sure that it leads hands nothing over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.delivery.outcomes import Later, Outcome, Part, Sender
from bot.messages import Outbound

ASK_FIRST = 1.0
"""Seconds that a chat is left alone while we find out whether we lead."""


class Sure(Protocol):
    """A part in who leads, as ``storage.leadership.Leadership`` is one."""

    @property
    def is_sure(self) -> bool:
        """Whether nobody else can lead at this moment."""
        ...


class Surely:
    """A sender that looks first whether somebody else may have taken over. A process that stood still, with messages
    in its hands, would else send them after another one did."""

    def __init__(self, sender: Sender, leadership: Sure) -> None:
        self._sender = sender
        self._leadership = leadership

    def parts(self, messages: Sequence[Outbound]) -> Sequence[Part]:
        """As the sender makes them."""
        return self._sender.parts(messages)

    async def send(self, address: str, part: Part) -> Outcome:
        """Hand it over, or ask for a little time."""
        return await self._sender.send(address, part) if self._leadership.is_sure else Later(ASK_FIRST)
