"""Sent: what a person sent from a form or a socket, checked for shape. What it means is for the turn to say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec
from multidict import MultiDictProxy

from bot.messages import Inbound, Tap

CHANNEL = "web"
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MOST_CHOICES = 200
_LONGEST_NAME = 300
_WITH_CHOICES = ("choose", "share_lines")
"""Taps that are sent together with ticked boxes."""

_FIELDS = ("id", "language", "tap", "choice", "text")


class Malformed(Exception):
    """No page of ours sends this."""


class Sent(msgspec.Struct, frozen=True):
    """One message as the browser has it. ``id`` is made there, so that sending it again has no effect."""

    id: str
    text: str = ""
    tap: Tap | None = None

    def inbound(self, participant_id: int, at: datetime) -> Inbound:
        """The message for the turn. Raises Malformed."""
        if not _ID.fullmatch(self.id) or (self.tap and not _is_sound(self.tap)):
            raise Malformed
        return Inbound(CHANNEL, str(participant_id), self.id, at, self.text, self.tap)


def from_socket(data: str | bytes) -> Sent:
    """A message that came through a socket. Raises Malformed."""
    try:
        return msgspec.json.decode(data, type=Sent)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise Malformed from wrong


def from_form(form: MultiDictProxy[str]) -> Sent:
    """A message that came from a plain form. Raises Malformed."""
    text = form.get("text", "").replace("\r\n", "\n")
    if not form.get("tap"):
        return Sent(form.get("id", ""), text)
    try:
        tap = msgspec.json.decode(form["tap"], type=Tap)
    except msgspec.DecodeError as wrong:
        raise Malformed from wrong
    ticked = tuple(form.getall("choice", ()))
    if tap.action in _WITH_CHOICES and ticked:
        tap = msgspec.structs.replace(tap, choices=(*tap.choices, *ticked))
    return Sent(form.get("id", ""), text if tap.action == "choose" else "", tap)


def kept(form: MultiDictProxy[str]) -> Sequence[tuple[str, str]]:
    """The fields of a form that could not be stored, to be sent again just so."""
    return [(name, value) for name, value in form.items() if name in _FIELDS]


def _is_sound(tap: Tap) -> bool:
    names = (tap.step, *tap.choices)
    return len(names) <= _MOST_CHOICES and all(len(name) <= _LONGEST_NAME for name in names)
