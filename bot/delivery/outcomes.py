"""Outcomes: what can become of one message that is handed to a channel, and what a channel has to offer for it.

Causes are names of errors or the channel's own description of them. They never hold what was written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, get_args

import msgspec

from bot.messages import Outbound
from bot.pictures.model import Picture


class Key(msgspec.Struct, frozen=True, gc=False):
    """A button as a channel shows it: what stands on it, and what comes back when it is pressed."""

    label: str
    data: str


class Part(msgspec.Struct, frozen=True, gc=False):
    """One message as it goes over the wire. ``keyboard`` holds rows of keys."""

    text: str
    keyboard: tuple[tuple[Key, ...], ...] = ()
    edits: str = ""
    """The channel's number of an earlier message whose buttons these become. Such a part is no new message."""


class Pictured(Part, frozen=True, gc=False, kw_only=True):
    """A part with a picture, of which ``text`` is the caption. It is drawn when it is sent; where it cannot be, or the
    channel does not take it, its text goes alone."""

    picture: Picture
    from_right: bool
    """Whether the language that it is worded in is read from the right."""


class Voiced(Part, frozen=True, gc=False, kw_only=True):
    """A part that is a recording, of which ``text`` is the caption. Where it cannot be sent its text goes alone, and
    one without a text is left out: what it says stands in a later part."""

    language: str
    recording: str
    """The context of the text that it reads out."""
    quiet: bool = False
    """The phone makes no sound for it: another part of the same message follows."""


class Sent(msgspec.Struct, frozen=True, gc=False):
    """Handed over. ``id`` is the channel's own id of the message, empty where it gives none."""

    id: str = ""


class Later(msgspec.Struct, frozen=True, gc=False):
    """The channel asks to leave this chat alone for so many seconds. Nothing was sent."""

    seconds: float


class Failed(msgspec.Struct, frozen=True, gc=False):
    """It never reached the channel: no connection, or an error of the channel itself. It can be tried again."""

    cause: str


class Unclear(msgspec.Struct, frozen=True, gc=False):
    """It may have been sent, and nobody told us: the connection was cut, or the answer did not come in time."""

    cause: str


class Gone(msgspec.Struct, frozen=True, gc=False):
    """This person cannot be reached any more, e.g. because they blocked the bot."""

    cause: str


class Refused(msgspec.Struct, frozen=True, gc=False):
    """The channel will never take this message."""

    cause: str


class Shut(msgspec.Struct, frozen=True, gc=False):
    """The channel takes nothing from us at all, e.g. because the token was revoked."""

    cause: str


Outcome = Sent | Later | Failed | Unclear | Gone | Refused | Shut

Outcomes = dict[type[Outcome], int]
"""How many parts came to each of these ends."""


def none_yet() -> Outcomes:
    """Nothing was handed over."""
    return dict.fromkeys(get_args(Outcome), 0)


class Sender(Protocol):
    """A channel as delivery needs it."""

    def parts(self, messages: Sequence[Outbound]) -> Sequence[Part]:
        """What consecutive messages of one chat become on the wire, in order. Pure: the same for the same messages."""
        ...

    async def send(self, address: str, part: Part) -> Outcome:
        """Hand over one part. Raises nothing: whatever happens is an outcome."""
        ...
