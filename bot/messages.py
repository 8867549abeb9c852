"""Messages: what comes in and what goes out, the same for every channel."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from bot.pictures.model import Picture

WEB = "web"
"""The channel whose address is the participant's own number and whose pages fetch messages themselves."""


AWAY = "gap"
"""What the choices of an "again" begin with that no person pressed: Medvind was away, and asks once more."""


Action = Literal[
    "choose",
    "skip",
    "does_not_fit",
    "back",
    "keep",
    "share_all",
    "share_choose",
    "share_lines",
    "share_none",
    "start",
    "language",
    "tick",
    "untick",
    "done",
    "again",
    "help",
    "time",
    "pause",
    "menu",
    "open",
    "remark",
]
"""What a press of a button does."""


class Tap(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A press of a button. It names the conversation and the step it was made for, so that an old button is
    recognised and never answers a new question. An "open" names the conversation that it follows from, if any."""

    conversation: int
    step: str
    action: Action
    choices: tuple[str, ...] = ()
    """Option names, line ids, a language, the length of a break, a dialogue, or what is wrong with a question, by
    ``action``. "tick" and "untick" set one of them,
    and "done" answers with all that are ticked: for channels that cannot hold ticks themselves."""


class Inbound(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One message from a person. ``id`` is the channel's own and unique per address: a second copy has no effect."""

    channel: str
    address: str
    id: str
    at: datetime
    text: str = ""
    tap: Tap | None = None
    order: int = 0
    """The channel's own order: within a batch a person's messages are taken in it."""
    place: int = 0
    """The channel's running number of a typed message, 0 where it has none. A question with a higher one was not on
    the screen yet when this was written."""
    of: str = ""
    """What it is about: the ``id`` of the message that was changed, or the number of the one with the button."""
    edit: bool = False
    """An earlier message was changed."""
    unread: str = ""
    """A kind of content that only the sender has seen, e.g. "voice": it is neither fetched nor kept."""


class Button(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A labelled way to answer or to go on."""

    label: str
    tap: Tap
    group: str = ""
    """Heading under which it stands, already in the person's language."""
    ticked: bool = False
    recording: str = ""
    """The context of the recording that reads the label out, where one is sent along."""
    drawing: str = ""
    """The drawing beside the label, of ``dialogues.drawings``, where it has one: never in place of it."""


class ShareLine(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One line exactly as the specialist would see it, in the participant's language."""

    id: str
    label: str
    value: str
    private: bool = False
    own_words: str = ""
    """The person's own words in this line, as written."""


class Outbound(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One message to a person, in one language."""

    kind: Literal["said", "asked", "offered", "note", "closed", "redrawn"]
    """"redrawn" is no new message: it changes the buttons under ``edits``."""
    language: str
    text: str
    conversation: int = 0
    step: str = ""
    buttons: tuple[Button, ...] = ()
    """Ways to answer. With ``pick`` "many" they are ticked and sent together as one tap."""
    pick: Literal["one", "many", ""] = ""
    most: int = 0
    alone: tuple[str, ...] = ()
    """Options of a "many" that cannot be combined."""
    scale: bool = False
    """The buttons are points of a scale, in reading direction."""
    typed: Literal["", "text", "number", "date"] = ""
    """What may be typed."""
    placeholder: str = ""
    """What stands beside the field for typing, e.g. that nobody reads it right away."""
    controls: tuple[Button, ...] = ()
    """Skip, back, keep: beside the answers."""
    lines: tuple[ShareLine, ...] = ()
    number: int = 0
    total: int = 0
    """Progress: question ``number`` of ``total``; 0 where there is none."""
    edits: str = ""
    """The channel's number of the message whose buttons these become; none take its buttons away."""
    picture: Picture | None = None
    """What is shown with the text, as data: it is drawn where it is shown, and always said in words as well."""
    recording: str = ""
    """The context of the recording that reads the text out, where one is sent along."""


class Heard(msgspec.Struct, frozen=True, gc=False):
    """A message as the inbox keeps it: as it came, and what it said in the words that the person saw."""

    said: str
    inbound: Inbound


encode = msgspec.json.Encoder().encode
decode_heard = msgspec.json.Decoder(Heard).decode
decode_outbound = msgspec.json.Decoder(Outbound).decode
