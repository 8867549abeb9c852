"""Phone: a person who writes to one bot, taps what is on their screen, and sees what the bot says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.telegram_stand_in.bots import Bot, Callback
from tests.telegram_stand_in.chats import Chat, Message, Person
from tests.telegram_stand_in.contents import KINDS, content, forwarded
from tests.telegram_stand_in.keyboards import Keyboard, shown
from tests.telegram_stand_in.texts import MOST_UNITS, units
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from tests.telegram_stand_in.server import StandIn

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
EDIT_WITHIN = 48 * 3_600
COMMAND = re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,64}(?:@\w+)?")


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on the screen. ``kind`` is "text", "photo" and so on."""

    id: int
    mine: bool
    text: str
    keyboard: Keyboard
    edited: bool
    kind: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The words on its buttons, row after row."""
        return tuple(label for row in self.keyboard for label, _ in row)


class Phone:
    """Somebody with the account ``user_id`` and the chat that they have with ``bot``."""

    def __init__(self, user_id: int, language_code: str, server: StandIn, bot: Bot, *, first_name: str = "Sam") -> None:
        self.person: Person = server.person(user_id, language_code, first_name)
        self.person.language_code = language_code
        self.server = server
        self.bot = bot
        self.chat: Chat = bot.chat_with(self.person)

    @property
    def id(self) -> int:
        """The account, which is also the id of the chat."""
        return self.person.id

    @property
    def screen(self) -> list[Bubble]:
        """All messages, the oldest first."""
        return [self.bubble(message) for message in self.chat.messages.values()]

    @property
    def said(self) -> list[Bubble]:
        """What the bot said."""
        return [bubble for bubble in self.screen if not bubble.mine]

    @property
    def last(self) -> Bubble:
        """The newest message of the bot; LookupError if there is none."""
        return self.said[-1]

    def bubble(self, message: Message) -> Bubble:
        """A message as the screen shows it."""
        number = message["message_id"]
        kind = "text" if "text" in message else next((name for name in KINDS if name in message), "other")
        words = message.get("text") or message.get("caption", "")
        keyboard = shown(message.get("reply_markup", {}).get("inline_keyboard"))
        mine = message.get("from", {}).get("id") == self.id
        return Bubble(number, mine, words, keyboard, number in self.chat.edited, kind)

    async def type(self, text: str, *, reply_to: int = 0) -> int:
        """Write and send; the number of the message. What is too long goes out in several, and the last one counts.
        ``reply_to`` is the number of the message that this one answers."""
        text = text.strip()
        if not text:
            raise ValueError("a phone does not send nothing")
        number = 0
        for part in parts(text):
            number = self.send({"text": part, **_commands(part), **self._reply(reply_to)})
        return number

    def _reply(self, number: int) -> dict[str, Any]:
        return {"reply_to_message": self.chat.messages[number]} if number else {}

    async def send_kind(self, kind: str, caption: str = "", **more: Any) -> int:
        """Send one of ``contents.KINDS``; the number of the message."""
        return self.send(content(kind, self.bot.random, caption, **more))

    async def send_voice(self) -> int:
        """Send a voice message."""
        return await self.send_kind("voice")

    async def send_photo(self, caption: str = "") -> int:
        """Send a picture, perhaps with words."""
        return await self.send_kind("photo", caption)

    async def send_sticker(self) -> int:
        """Send a sticker."""
        return await self.send_kind("sticker")

    async def send_unknown(self) -> int:
        """Send something that nobody knew when this was written."""
        return self.send({"hologram": {"depth": 3}})

    async def forward(self, text: str, origin: str = "hidden_user", name: str = "Ola") -> int:
        """Pass on what was said elsewhere: ``origin`` "hidden_user", "user", "chat" or "channel"."""
        at = int(self.server.clock.now()) - 3_600
        return self.send({**forwarded(origin, at, name), "text": text})

    async def start(self, payload: str = "") -> int:
        """Open the link of the bot and press Start. A bot that was blocked is unblocked by that."""
        if payload and not PAYLOAD.fullmatch(payload):
            raise ValueError("a start parameter has 1 to 64 of A-Z, a-z, 0-9, _ and -")
        if self.chat.state == "blocked":
            await self.unblock()
        return await self.type(f"/start {payload}")

    async def edit(self, message_id: int, text: str) -> None:
        """Change what one wrote."""
        message = self.chat.messages[message_id]
        if not self.bubble(message).mine or self.server.clock.now() - message["date"] > EDIT_WITHIN:
            raise ValueError("a phone changes only its own messages of the last 48 hours")
        self.bot.hear_edit(self.chat, message_id, {"text": text, **_commands(text)}, self.id)

    async def tap(self, button: str, message: int | None = None, *, stale: bool = False) -> str:
        """Tap a button, named by its label or its data, under this message or the newest one that has it; the id of
        the tap. ``stale``: also one that was there earlier, as on a phone that has not seen the change yet.
        LookupError if there is no such button."""
        places = [self.chat.messages[message]] if message else list(reversed(self.chat.messages.values()))
        for found in places:
            boards = [found.get("reply_markup", {}).get("inline_keyboard", [])]
            if stale:
                boards += reversed(self.chat.earlier.get(found["message_id"], []))
            for key in (key for board in boards for row in board for key in row):
                if "callback_data" in key and button in (key["text"], key["callback_data"]):
                    return self._tapped(found, key["callback_data"]).id
        raise LookupError(f"no button {button!r} on the screen")

    async def delete(self, message_id: int) -> None:
        """Take a message off the screen. The bot is not told."""
        del self.chat.messages[message_id]
        self.chat.changed()

    async def deactivate(self) -> None:
        """The account is no longer there. The bot is not told."""
        self.person.deactivated = True
        self.chat.changed()

    def _tapped(self, message: Message, data: str) -> Callback:
        tap = self.bot.hear_tap(self.chat, self.person, message, data)
        self.chat.changed()
        return tap

    @property
    def taps(self) -> list[Callback]:
        """All taps, the oldest first. One that is not ``answered`` still shows a waiting sign."""
        return [tap for tap in self.bot.callbacks.values() if tap.person == self.id]

    def send(self, content: dict[str, Any]) -> int:
        """Send a message with this content; its number."""
        if self.chat.state == "blocked":
            raise ValueError("a phone does not write to a bot that it blocked")
        self.chat.state = "open"
        return int(self.bot.hear(self.chat, {"from": self.person.user()}, content, self.id)["message_id"])

    async def block(self) -> None:
        """The bot may no longer write."""
        self.chat.state = "blocked"
        self.bot.hear_member(self.chat, self.person.user(), "member", "kicked", self.id)
        self.chat.changed()

    async def unblock(self) -> None:
        """The bot may write again."""
        self.chat.state = "open"
        self.bot.hear_member(self.chat, self.person.user(), "kicked", "member", self.id)
        self.chat.changed()

    async def until(self, seen: Callable[[Phone], bool], seconds: float = PATIENCE) -> None:
        """Wait until ``seen`` says yes, looking again at every change. AssertionError with the screen after so many
        seconds without."""
        end = time.monotonic() + seconds
        while not seen(self):
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not seen; the screen shows {self.screen}")
            await self.chat.change(left)


def parts(text: str) -> list[str]:
    """A text cut as a phone cuts it: no more UTF-16 units in a message than Telegram takes."""
    if units(text) <= MOST_UNITS:
        return [text]
    found: list[str] = []
    part: list[str] = []
    length = 0
    for sign in text:
        size = 1 if ord(sign) < 0x10000 else 2
        if length + size > MOST_UNITS:
            found.append("".join(part))
            part, length = [], 0
        part.append(sign)
        length += size
    return [piece for piece in (*found, "".join(part)) if piece.strip()]


def _commands(text: str) -> dict[str, Any]:
    found = [
        {"type": "bot_command", "offset": units(text[: match.start()]), "length": len(match[0])}
        for match in COMMAND.finditer(text)
    ]
    return {"entities": found} if found else {}
