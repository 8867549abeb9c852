"""Groups and channels: places where a bot can be put although it holds its conversations elsewhere."""

from __future__ import annotations

from typing import Any

from tests.telegram_stand_in.bots import Bot
from tests.telegram_stand_in.chats import Chat, Person
from tests.telegram_stand_in.phones import Phone

ANONYMOUS: dict[str, Any] = {
    "id": 1_087_968_824,
    "is_bot": True,
    "first_name": "Group",
    "username": "GroupAnonymousBot",
}
"""The account that Telegram shows for an administrator who stays unnamed."""


class Group:
    """A group; its ``kind`` becomes "supergroup" when it grows. ``bot`` is not in it before ``add_bot``, and only
    hears commands and its own name there unless it ``hears_all``, as an administrator does."""

    def __init__(self, bot: Bot, number: int, title: str = "A group", *, kind: str = "group") -> None:
        if number >= 0:
            raise ValueError("ids of groups and channels are negative")
        self.bot = bot
        self.chat = bot.chats[number] = Chat(number, kind, title)
        self.hears_all = kind == "channel"

    @property
    def id(self) -> int:
        """The id of the chat; another one after ``migrate``."""
        return self.chat.id

    def add_bot(self, by: Phone, status: str = "member") -> None:
        """Somebody puts the bot into the group, as a member or as "administrator"."""
        self.chat.state = "open"
        self.hears_all |= status == "administrator"
        self._meet(by.person)
        self.bot.hear_member(self.chat, by.person.user(), "left", status, by.id)
        if self.chat.kind != "channel":
            self._hear(by.person.user(), {"new_chat_members": [self.bot.user()]}, by.id)

    def remove_bot(self, by: Phone) -> None:
        """Somebody takes the bot out."""
        self.chat.state = "kicked"
        self.bot.hear_member(self.chat, by.person.user(), "member", "kicked", by.id)

    def write(self, by: Phone, text: str) -> int:
        """Somebody writes; the number of the message."""
        self._meet(by.person)
        return self._hear(by.person.user(), {"text": text}, by.id, said=text)

    def write_anonymously(self, text: str) -> int:
        """An administrator writes in the name of the group."""
        sender = {"from": ANONYMOUS, "sender_chat": self.chat.described()}
        heard = self._hears(text)
        return int(self.bot.hear(self.chat, sender, {"text": text}, ANONYMOUS["id"], heard=heard)["message_id"])

    def migrate(self, number: int) -> None:
        """The group becomes a supergroup with another id."""
        old = self.chat
        new = self.bot.chats[number] = Chat(number, "supergroup", old.title, state=old.state)
        self._hear(ANONYMOUS, {"migrate_to_chat_id": number}, ANONYMOUS["id"])
        old.state, old.moved_to = "migrated", number
        self.chat = new
        self._hear(ANONYMOUS, {"migrate_from_chat_id": old.id}, ANONYMOUS["id"])

    def _hear(self, sender: dict[str, Any], content: dict[str, Any], person: int, said: str = "") -> int:
        heard = not said or self._hears(said)
        return int(self.bot.hear(self.chat, {"from": sender}, content, person, heard=heard)["message_id"])

    def _hears(self, text: str) -> bool:
        called = text.startswith("/") or f"@{self.bot.username}".lower() in text.lower()
        return self.chat.state == "open" and (self.hears_all or called)

    def _meet(self, person: Person) -> None:
        """The bot knows this person now, and still may not write to them."""
        private = self.bot.chat_with(person)
        if private.state == "stranger":
            private.state = "seen"


class Channel(Group):
    """A channel, where the bot can only be an administrator. Its posts come from nobody."""

    def __init__(self, bot: Bot, number: int, title: str = "A channel") -> None:
        super().__init__(bot, number, title, kind="channel")

    def post(self, text: str) -> int:
        """A new post; its number."""
        sender = {"sender_chat": self.chat.described()}
        return int(self.bot.hear(self.chat, sender, {"text": text}, 0)["message_id"])

    def edit(self, number: int, text: str) -> None:
        """A post says something else."""
        self.bot.hear_edit(self.chat, number, {"text": text}, 0)
