"""Bot: one account with its token, its chats, what waits for it and how it wants to get that."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.telegram_stand_in.chats import Chat, Message, Person
from tests.telegram_stand_in.flood import Flood
from tests.telegram_stand_in.keyboards import Rows
from tests.telegram_stand_in.platform import Platform
from tests.telegram_stand_in.polling import Polling
from tests.telegram_stand_in.refusal import UNAUTHORIZED
from tests.telegram_stand_in.updates import DAY, TAP_LIFE, Update, UpdateStore
from tests.telegram_stand_in.voices import Recorded
from tests.telegram_stand_in.webhooks import Settings, Webhook

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
OF_TAPS = 3 << 33
OF_MEMBERS = 5 << 33
"""Taps and memberships have queues of their own towards a webhook, beside the messages of the same person."""
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
"""What an administrator may do."""


@dataclass(eq=False, slots=True)
class Callback:
    """A tap. The phone shows a waiting sign until it is ``answered``."""

    id: str
    chat: int
    person: int
    data: str
    message: int
    at: float
    answered: bool = False
    text: str = ""
    alert: bool = False


@dataclass(eq=False)
class Menus:
    """What the bot told about itself. Commands by scope and language, descriptions by language."""

    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    buttons: dict[int, dict[str, Any]] = field(default_factory=dict)


class Bot:
    """``token`` can be drawn anew; ``id`` stays."""

    def __init__(self, number: int, username: str, name: str, platform: Platform) -> None:
        self.id = number
        self.username = username
        self.name = name
        self.platform = platform
        self.clock = platform.clock
        self.random = platform.random
        self.token = self._drawn_token()
        self.chats: dict[int, Chat] = {}
        self.callbacks: dict[str, Callback] = {}
        self.files: dict[str, Recorded] = {}
        self.menus = Menus()
        self.flood = Flood(platform.clock, platform.limits)
        self.updates = UpdateStore(platform.clock, platform.random, platform.faults)
        self.updates.added = self._handed
        self.polling = Polling(platform.clock, self.updates)
        self.webhook: Webhook | None = None
        self.next_webhook_at = 0.0
        self._numbers: dict[int, int] = {}

    def user(self) -> dict[str, Any]:
        """The account as messages show it."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def revoke(self) -> str:
        """A new token, as BotFather gives one; the old one is taken no more, and its webhook is gone."""
        self.token = self._drawn_token()
        self.polling.end(UNAUTHORIZED)
        self.drop_webhook()
        return self.token

    def bring_to(self, settings: Settings) -> None:
        """Bring updates to this address from now on."""
        self.drop_webhook()
        assert self.platform.session is not None
        shared = self.platform
        self.webhook = Webhook(settings, self.updates, shared.clock, shared.random, shared.faults)
        self.webhook.answered = lambda given: shared.answered(self, given)
        self.webhook.closed = self.drop_webhook
        self.webhook.broken = shared.broken
        self.webhook.start(self.platform.session)

    def drop_webhook(self) -> None:
        """Let the updates wait for getUpdates."""
        if self.webhook is not None:
            self.webhook.close()
            self.webhook = None

    def drop_pending(self, method: str) -> None:
        """Throw away everything that waits, and note who asked for that."""
        self.updates.pending.clear()
        self.platform.log.dropped.append(f"{self.username} {method}")

    def chat_with(self, person: Person) -> Chat:
        """The private chat with somebody, whether anything was said in it or not."""
        chat = self.chats.get(person.id)
        if chat is None:
            chat = self.chats[person.id] = Chat(person.id, person=person)
        return chat

    def message_id(self, chat: Chat) -> int:
        """The next number. Private chats and small groups share one row of numbers, others have their own."""
        row = chat.id if chat.kind in ("supergroup", "channel") else 0
        self._numbers[row] = self._numbers.get(row, 0) + 1
        return self._numbers[row]

    def write(self, chat: Chat, content: dict[str, Any], rows: Rows | None) -> Message:
        """A message of the bot appears in a chat."""
        number = self.message_id(chat)
        message = {
            "message_id": number,
            "from": self.user(),
            "chat": chat.described(),
            "date": int(self.clock.now()),
            **content,
        }
        if rows:
            message["reply_markup"] = {"inline_keyboard": rows}
        chat.messages[number] = message
        chat.changed(message)
        return message

    def hear(
        self, chat: Chat, sender: dict[str, Any], content: dict[str, Any], person: int, *, heard: bool = True
    ) -> Message:
        """A message from outside appears in a chat, and if it is ``heard``, an update waits for the bot."""
        number = self.message_id(chat)
        message = {
            "message_id": number,
            **sender,
            "chat": chat.described(),
            "date": int(self.clock.now()),
            **content,
        }
        chat.messages[number] = message
        chat.changed()
        if heard:
            kind = "channel_post" if chat.kind == "channel" else "message"
            self.updates.add(kind, message, DAY, chat.id, person)
        return message

    def hear_edit(self, chat: Chat, number: int, content: dict[str, Any], person: int) -> None:
        """A message from outside is changed."""
        message = {**chat.messages[number], **content, "edit_date": int(self.clock.now())}
        chat.messages[number] = message
        chat.edited.add(number)
        chat.changed()
        kind = "edited_channel_post" if chat.kind == "channel" else "edited_message"
        self.updates.add(kind, message, DAY, chat.id, person)

    def hear_tap(self, chat: Chat, person: Person, message: Message, data: str) -> Callback:
        """Somebody taps a button."""
        number = str(self.random.getrandbits(62))
        made = Callback(number, chat.id, person.id, data, message["message_id"], self.clock.now())
        self.callbacks[number] = made
        body = {
            "id": number,
            "from": person.user(),
            "message": message,
            "chat_instance": str(chat.id * 7_919),
            "data": data,
        }
        self.updates.add("callback_query", body, TAP_LIFE, person.id + OF_TAPS, person.id)
        return made

    def hear_member(self, chat: Chat, by: dict[str, Any], old: str, new: str, person: int) -> None:
        """The bot's own standing in a chat changes."""
        body = {
            "chat": chat.described(),
            "from": by,
            "date": int(self.clock.now()),
            "old_chat_member": self._standing(old),
            "new_chat_member": self._standing(new),
        }
        self.updates.add("my_chat_member", body, DAY, chat.id + OF_MEMBERS, person)

    def told(self) -> None:
        """The bot said something new about itself, which all its phones show."""
        for chat in self.chats.values():
            chat.changed()

    def inject(self, fields: dict[str, Any], *, life: float = DAY, queue: int = 1, person: int = 0) -> int:
        """Hand an update to the bot just as it is, whatever it holds; its number is drawn unless it brings one."""
        return self.updates.put(fields, life, queue, person)

    def _standing(self, status: str) -> dict[str, Any]:
        more: dict[str, Any] = {}
        if status == "kicked":
            more = {"until_date": 0}
        elif status == "administrator":
            more = {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(RIGHTS, True)}
        return {"user": self.user(), "status": status, **more}

    def _handed(self, update: Update) -> None:
        if self.webhook is not None:
            self.webhook.add(update)
        else:
            self.polling.wake()

    def resume(self) -> None:
        """Updates are no longer held back."""
        if self.webhook is not None:
            self.webhook.resume()
        self.polling.wake()

    def _drawn_token(self) -> str:
        return f"{self.id}:AA" + "".join(self.random.choices(LETTERS, k=33))
