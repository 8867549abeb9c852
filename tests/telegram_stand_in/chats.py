"""Chats of one bot: what was said in each, and whether the bot may write there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.telegram_stand_in.refusal import Refusal, bad_request, forbidden

Message = dict[str, Any]
State = Literal["stranger", "seen", "open", "blocked", "left", "kicked", "migrated"]


@dataclass(eq=False)
class Person:
    """Somebody with a Telegram account."""

    id: int
    first_name: str = "Sam"
    language_code: str = "en"
    last_name: str = ""
    username: str = ""
    deactivated: bool = False
    forbids_voices: bool = False

    def user(self) -> dict[str, Any]:
        """The account as updates show it."""
        named = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        chosen = {name: value for name, value in named.items() if value}
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, **chosen}

    def described(self) -> dict[str, Any]:
        """The private chat with this person as updates show it."""
        named = {"last_name": self.last_name, "username": self.username}
        chosen = {name: value for name, value in named.items() if value}
        return {"id": self.id, "first_name": self.first_name, **chosen, "type": "private"}


@dataclass(eq=False)
class Chat:
    """``messages`` by number; ``earlier`` are the keyboards that a message had before; ``edited`` are messages with
    other words than at first, since a phone does not mark those that got only other buttons. A "stranger" the bot has
    never met, "seen" it knows from elsewhere; only an "open" chat takes messages."""

    id: int
    kind: str = "private"
    title: str = ""
    person: Person | None = None
    state: State = "stranger"
    messages: dict[int, Message] = field(default_factory=dict)
    earlier: dict[int, list[Any]] = field(default_factory=dict)
    edited: set[int] = field(default_factory=set)
    moved_to: int = 0
    version: int = 0
    listeners: list[Callable[[Chat, Message], None]] = field(default_factory=list)
    """Called with each message of the bot, new or changed."""
    _watching: set[asyncio.Future[None]] = field(default_factory=set)

    def described(self) -> dict[str, Any]:
        """The chat as updates show it."""
        if self.person is not None:
            return self.person.described()
        return {"id": self.id, "title": self.title, "type": self.kind}

    def check(self) -> None:
        """Refuse where the bot may not write."""
        if self.state == "open" and not (self.person and self.person.deactivated):
            return
        raise self._refusal()

    def _refusal(self) -> Refusal:
        if self.person is not None and self.person.deactivated:
            return forbidden("user is deactivated")
        what = "supergroup" if self.kind == "supergroup" else self.kind
        match self.state:
            case "blocked":
                return forbidden("bot was blocked by the user")
            case "seen":
                return forbidden("bot can't initiate conversation with a user")
            case "left":
                return forbidden(f"bot is not a member of the {what} chat")
            case "kicked":
                return forbidden(f"bot was kicked from the {what} chat")
            case "migrated":
                words = "group chat was upgraded to a supergroup chat"
                return bad_request(words, migrate_to_chat_id=self.moved_to)
        return bad_request("chat not found")

    def changed(self, message: Message | None = None) -> None:
        """Something is new on the screen; ``message`` if it is the bot's."""
        self.version += 1
        for watching in self._watching:
            if not watching.done():
                watching.set_result(None)
        if message is not None:
            for listener in self.listeners:
                listener(self, message)

    async def change(self, seconds: float) -> None:
        """Wait for the next change, or for so many seconds of real time."""
        watching: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watching.add(watching)
        try:
            await asyncio.wait({watching}, timeout=seconds)
        finally:
            self._watching.discard(watching)
