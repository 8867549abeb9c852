"""Who is not sure that they lead sends nothing, and loses nothing by that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.channels.telegram.leading import ASK_FIRST, Surely
from bot.delivery.outcomes import Later, Part, Sent
from bot.messages import Outbound


@dataclass
class Doubtful:
    """A part in who leads."""

    is_sure: bool = True


@dataclass
class Sending:
    """A sender that remembers."""

    sent: list[tuple[str, Part]] = field(default_factory=list)

    def parts(self, messages: Sequence[Outbound]) -> Sequence[Part]:
        return [Part(message.text) for message in messages]

    async def send(self, address: str, part: Part) -> Sent:
        self.sent.append((address, part))
        return Sent("1")


async def test_nothing_leaves_while_somebody_else_may_lead() -> None:
    leadership, sending = Doubtful(), Sending()
    sender = Surely(sending, leadership)
    (part,) = sender.parts([Outbound("note", "en", "Hello")])
    assert await sender.send("7", part) == Sent("1")
    leadership.is_sure = False
    assert await sender.send("7", part) == Later(ASK_FIRST)
    leadership.is_sure = True
    assert await sender.send("8", part) == Sent("1")
    assert sending.sent == [("7", part), ("8", part)]
