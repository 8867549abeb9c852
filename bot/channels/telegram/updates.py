"""Updates: what Telegram says happened, reduced to the fields that are used, and what of it concerns us. Pure.

Only private chats hold a conversation, and a person is their numeric id: names and usernames are not even read.
Library objects of the same updates take twenty to forty times as long to make.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from bot.channels.border import clean
from bot.channels.telegram.buttons import tap_of
from bot.channels.telegram.contents import kind_of
from bot.messages import Inbound

Raw = bytes | Mapping[str, Any]

_Id = Annotated[int, Meta(ge=-(2**62), le=2**62)]
_Number = Annotated[int, Meta(ge=0, le=2**62)]
_Moment = Annotated[int, Meta(ge=0, le=253_402_300_799)]
_Word = Annotated[str, Meta(pattern="^[!-~]{1,64}$")]


class Arrived(Struct, frozen=True, gc=False):
    """What one update is to us. Most fields are empty for any one of them."""

    update_id: int
    inbound: Inbound | None = None
    """A message for the turn."""
    callback_id: str = ""
    """A pressed button waits to be answered under this id, whether or not the press counts."""
    address: str = ""
    """The person's id as text, where the update comes from a person in their private chat."""
    language_code: str = ""
    """What their Telegram is set to: a suggestion and no more."""
    reach: Literal["", "blocked", "back"] = ""
    """They have blocked the bot, or let it in again."""
    leave: int = 0
    """A group or channel that the bot was put into and has to leave. Nothing else of it is kept."""
    start: str | None = None
    """What came with /start: an invitation's code, or "" for none. It is not in ``inbound``."""


class Unreadable(Exception):
    """This is no update that we can read. ``cause`` holds types and places, never content."""

    def __init__(self, cause: str, update_id: int | None) -> None:
        super().__init__(cause)
        self.cause = cause[:200]
        self.update_id = update_id


class _User(Struct, frozen=True, gc=False):
    id: _Id
    is_bot: bool = False
    language_code: str = ""


class _Chat(Struct, frozen=True, gc=False):
    id: _Id
    type: str


class _Message(Struct, frozen=True, gc=False):
    message_id: _Number
    chat: _Chat
    date: _Moment = 0
    edit_date: _Moment = 0
    sender: _User | None = field(default=None, name="from")
    sender_chat: _Chat | None = None
    text: str | None = None
    caption: str | None = None


class _Callback(Struct, frozen=True, gc=False):
    id: _Word
    sender: _User = field(name="from")
    message: _Message | None = None
    inline_message_id: str | None = None
    data: str = ""


class _Member(Struct, frozen=True, gc=False):
    status: str


class _Membership(Struct, frozen=True, gc=False):
    chat: _Chat
    sender: _User = field(name="from")
    new_chat_member: _Member


class _Update(Struct, frozen=True, gc=False):
    update_id: _Number
    message: _Message | None = None
    edited_message: _Message | None = None
    channel_post: _Message | None = None
    callback_query: _Callback | None = None
    my_chat_member: _Membership | None = None


class _Numbered(Struct, frozen=True, gc=False):
    update_id: _Number


_decode = msgspec.json.Decoder(_Update).decode
_BOT_NAME = re.compile(r"(/[A-Za-z0-9_]{1,64})@[A-Za-z0-9_]{1,64}(?=\s|$)")
_START = re.compile(r"/start(?:\s+(.*))?", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_LONGEST_PAYLOAD = 128
_GROUPS = ("group", "supergroup", "channel")
_INSIDE = ("member", "administrator", "restricted", "creator")


def read(raw: Raw, *, channel: str, now: datetime) -> Arrived:
    """What an update is to the bot of a channel. ``now`` is when a press happened: presses carry no time.

    Raises Unreadable for what is no JSON object with an integer update_id, or has fields of wrong types.
    """
    update = _update(raw)
    match update:
        case _Update(callback_query=_Callback() as callback):
            return _pressed(update.update_id, callback, channel, now)
        case _Update(my_chat_member=_Membership() as membership):
            return _reached(update.update_id, membership)
        case _Update(message=_Message() as message):
            return _written(update.update_id, message, raw, channel, "message")
        case _Update(edited_message=_Message() as message):
            return _written(update.update_id, message, raw, channel, "edited_message")
        case _Update(channel_post=_Message(chat=chat)):
            return Arrived(update.update_id, leave=chat.id)
        case _:
            return Arrived(update.update_id)


def _written(number: int, message: _Message, raw: Raw, channel: str, key: str) -> Arrived:
    sender, chat = message.sender, message.chat
    if chat.type in _GROUPS:
        return Arrived(number, leave=chat.id)
    if sender is None or sender.is_bot or message.sender_chat is not None or not _is_private(chat, sender):
        return Arrived(number)
    text, unread = message.text, ""
    if text is None:
        unread, text = kind_of(_content(raw, key)), message.caption
    is_edit = key == "edited_message"
    # Without words nothing has changed that was read, and a place that is shared live is "edited" all the time.
    if text is None and (is_edit or not unread):
        return _from(number, sender)
    words, start = _command(clean(text or ""))
    inbound = Inbound(
        channel=channel,
        address=str(sender.id),
        id=f"e{message.message_id}.{number}" if is_edit else f"m{message.message_id}",
        at=datetime.fromtimestamp((is_edit and message.edit_date) or message.date, UTC),
        text=words,
        order=number,
        place=0 if is_edit else message.message_id,
        of=f"m{message.message_id}" if is_edit else "",
        edit=is_edit,
        unread=unread,
    )
    return _from(number, sender, inbound=inbound, start=None if is_edit else start)


def _pressed(number: int, callback: _Callback, channel: str, now: datetime) -> Arrived:
    sender, message = callback.sender, callback.message
    elsewhere = callback.inline_message_id is not None or (message and not _is_private(message.chat, sender))
    if sender.is_bot or elsewhere:
        return Arrived(number, callback_id=callback.id)
    inbound = Inbound(
        channel=channel,
        address=str(sender.id),
        id=f"c{callback.id}",
        at=now,
        tap=tap_of(callback.data),
        order=number,
        of=str(message.message_id) if message else "",
    )
    return _from(number, sender, inbound=inbound, callback_id=callback.id)


def _reached(number: int, membership: _Membership) -> Arrived:
    chat, status = membership.chat, membership.new_chat_member.status
    if chat.type in _GROUPS:
        return Arrived(number, leave=chat.id if status in _INSIDE else 0)
    if not _is_private(chat, membership.sender):
        return Arrived(number)
    return _from(number, membership.sender, reach="back" if status in _INSIDE else "blocked")


def _is_private(chat: _Chat, sender: _User) -> bool:
    return chat.type == "private" and chat.id == sender.id


def _from(number: int, sender: _User, **values: Any) -> Arrived:
    code = sender.language_code
    return Arrived(number, address=str(sender.id), language_code=code if _LANGUAGE.fullmatch(code) else "", **values)


def _command(text: str) -> tuple[str, str | None]:
    """A text without the bot's name behind a command, and what came with /start: a code has no place in the inbox."""
    text = _BOT_NAME.sub(r"\1", text, count=1) if text.startswith("/") else text
    if found := _START.fullmatch(text):
        return "/start", (found[1] or "").strip()[:_LONGEST_PAYLOAD]
    return text, None


# Reading ------------------------------------------------------------------------------------------------------------


def _update(raw: Raw) -> _Update:
    try:
        return _decode(raw) if isinstance(raw, bytes) else msgspec.convert(raw, _Update)
    except msgspec.ValidationError as wrong:
        raise Unreadable(f"{type(wrong).__name__}: {wrong}", _number(raw)) from None
    except (ValueError, RecursionError) as wrong:
        if not isinstance(raw, bytes):
            raise Unreadable(type(wrong).__name__, None) from None
    return _update(_loosely(raw))


def _loosely(raw: bytes) -> Mapping[str, Any]:
    """JSON with broken letters in it. Somebody's message is worth more than one letter of it."""
    try:
        value = json.loads(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as wrong:
        raise Unreadable(type(wrong).__name__, None) from None
    if not isinstance(value, dict):
        raise Unreadable("no object", None)
    return value


def _number(raw: Raw) -> int | None:
    try:
        value = _loosely(raw) if isinstance(raw, bytes) else raw
        return msgspec.convert(value, _Numbered).update_id
    except (Unreadable, msgspec.ValidationError):
        return None


def _content(raw: Raw, key: str) -> Mapping[str, Any]:
    content: Mapping[str, Any] = (_loosely(raw) if isinstance(raw, bytes) else raw)[key]
    return content
