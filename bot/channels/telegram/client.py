"""Client: one bot at Telegram, as the rest of Medvind needs it.

Messages go out by plain calls, because making the library's objects costs more than everything else in a call; what is
done once goes by its methods. How fast to send is for whoever sends to know. Importing this module loads ``telegram``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from telegram import BotCommandScopeAllPrivateChats
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.channels.telegram import screens
from bot.channels.telegram.answers import outcome_of
from bot.channels.telegram.request import AiohttpRequest, Refusal
from bot.channels.telegram.screens import Handout, Wording
from bot.channels.telegram.voices import Voices
from bot.delivery.outcomes import Outcome, Part, Pictured, Sent, Voiced
from bot.messages import Outbound
from bot.pictures.png import Undrawable, png_file
from bot.recordings import SILENCE, Recordings

TELEGRAM = "https://api.telegram.org"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we are told of: what people write and press, and whether they let the bot write."""

_SEND, _SEND_PICTURE, _EDIT = "sendMessage", "sendPhoto", "editMessageReplyMarkup"

# The library warns of calls by name where it has a method of that name. Spelt so, it has none, and asks for the same.
_UPDATES, _ME = "get_Updates", "get_Me"

_SLACK = 10.0
"""Seconds that an answer may take beyond the time that it was asked to wait."""
_INERT = {"is_disabled": True}


class Me(msgspec.Struct, frozen=True):
    """Who the bot is."""

    id: int
    username: str = ""


class Trouble(Exception):
    """A call came to nothing. ``outcome`` says in which way, as for a message. ``status`` is that of the answer (409:
    somebody else asks for the same updates), 0 where there was none."""

    def __init__(self, outcome: Outcome, status: int) -> None:
        super().__init__(getattr(outcome, "cause", type(outcome).__name__))
        self.outcome = outcome
        self.status = status


class TelegramClient:
    """One bot. Calls raise Trouble, except where it says that they raise nothing.

    Messages are sent with ``protect_content``: on a phone that several people use, nobody passes them on with two taps.
    It does not keep a screen reader from reading them. It does keep people from copying, so what is there to be copied
    and passed on, the numbers to call, goes out without it (``Handout``).
    """

    def __init__(
        self,
        token: str,
        wording: Wording,
        *,
        base_url: str = TELEGRAM,
        read_timeout: float = 15,
        recordings: Recordings = SILENCE,
    ) -> None:
        _keep_quiet()
        self._wording = wording
        self._request = AiohttpRequest(read_timeout=read_timeout)
        self._voices = Voices(self._request, recordings)
        self._drawing = asyncio.Lock()
        self._bot = ExtBot(
            token,
            base_url=f"{base_url}/bot",
            base_file_url=f"{base_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def start(self) -> Me:
        """Open the connection and ask who we are."""
        await self._request.initialize()
        return msgspec.convert(await self._called(self._bot.do_api_request(_ME)), Me)

    async def close(self) -> None:
        """Close the connection. Raises nothing."""
        await self._request.shutdown()

    # Messages -----------------------------------------------------------------------------------------------------

    def parts(self, messages: Sequence[Outbound]) -> Sequence[Part]:
        """What messages of one chat become on the wire."""
        return screens.parts(messages, self._wording)

    async def send(self, address: str, part: Part) -> Outcome:
        """Send one part, or change the buttons of an earlier one. Raises nothing."""
        try:
            result = await self._handed_over(address, part)
        except TelegramError as error:
            return outcome_of(error, edits=part.edits)
        number = result.get("message_id", "") if isinstance(result, dict) else part.edits
        return Sent(str(number))

    async def _handed_over(self, address: str, part: Part) -> Any:
        """What Telegram gives for a part. Raises TelegramError."""
        if part.edits:
            return await self._request.call(f"{self._bot.base_url}/{_EDIT}", _change(address, part))
        if isinstance(part, Pictured) and (picture := await self._drawn(part)):
            values = _common(address, part) | {"caption": part.text}
            return await self._request.upload(f"{self._bot.base_url}/{_SEND_PICTURE}", values, "photo", picture)
        if isinstance(part, Voiced):
            return await self._voices.send(self._bot.base_url, _spoken(address, part), part.language, part.recording)
        return await self._request.call(f"{self._bot.base_url}/{_SEND}", _message(address, part))

    async def _drawn(self, part: Pictured) -> bytes:
        """The picture; nothing where it cannot be drawn: then its words go alone. One at a time: others wait for the
        processor as well."""
        try:
            async with self._drawing:
                return await png_file(part.picture, from_right=part.from_right)
        except Undrawable:
            return b""

    async def answer_tap(self, callback_id: str) -> None:
        """Let the button that was pressed stop turning. Raises nothing: the press counts, whether or not it is in time
        for that (Telegram takes the answer for a short while only)."""
        await self._tried(self._bot.answer_callback_query(callback_id))

    # Updates ------------------------------------------------------------------------------------------------------

    async def updates(self, offset: int | None, timeout: int) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """What arrived, from number ``offset`` on; everything before it is confirmed by this. Waits up to ``timeout``
        seconds (50 at most) where there is nothing."""
        values = {"offset": offset, "timeout": timeout, "allowed_updates": ALLOWED_UPDATES}
        call = self._bot.do_api_request(_UPDATES, api_kwargs=values, read_timeout=timeout + _SLACK)
        found: list[dict[str, Any]] = await self._called(call)
        return found

    async def webhook_url(self) -> str:
        """Where updates are sent to, or "" where they are asked for."""
        url: str = (await self._called(self._bot.get_webhook_info())).url
        return url

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates sent to a page of ours, with a secret that shows where they come from."""
        await self._called(self._bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED_UPDATES))

    async def delete_webhook(self) -> None:
        """Ask for updates instead. Those that wait are kept: they are people's answers."""
        await self._called(self._bot.delete_webhook())

    async def leave(self, chat: int) -> None:
        """Leave a group or a channel. Raises nothing: a group that has thrown the bot out has been left."""
        await self._tried(self._bot.leave_chat(chat))

    # What Telegram shows of the bot -------------------------------------------------------------------------------

    async def set_commands(self, language_code: str | None, commands: Sequence[tuple[str, str]]) -> None:
        """The menu in private chats, as names without a slash and what they do. Without a language it is the menu of
        everybody whose language has none. ``language_code`` has two letters."""
        scope = BotCommandScopeAllPrivateChats()
        await self._called(self._bot.set_my_commands(list(commands), scope=scope, language_code=language_code))

    async def set_about(self, language_code: str | None, about: str, short: str) -> None:
        """What stands in the empty chat (512 letters) and on the bot's page (120 letters)."""
        await self._called(self._bot.set_my_description(about, language_code=language_code))
        await self._called(self._bot.set_my_short_description(short, language_code=language_code))

    async def _called(self, call: Awaitable[Any]) -> Any:
        trouble: Trouble | None = None
        try:
            return await call
        except TelegramError as error:
            trouble = Trouble(outcome_of(error), error.status if isinstance(error, Refusal) else 0)
        raise trouble

    async def _tried(self, call: Awaitable[Any]) -> None:
        with suppress(TelegramError):
            await call


_LOUD = ("telegram", "telegram.Bot", "telegram.ext.ExtBot", "httpx", "httpcore")


def _keep_quiet() -> None:
    """Below WARNING the library writes whole messages and the token into the log. A level could be set back by whoever
    sets up logging; a filter stays."""
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
        logging.getLogger(name).addFilter(_only_warnings)


def _only_warnings(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def _message(address: str, part: Part) -> dict[str, Any]:
    return _common(address, part) | {"text": part.text, "link_preview_options": _INERT}


def _common(address: str, part: Part) -> dict[str, Any]:
    values: dict[str, Any] = {"chat_id": address}
    if not isinstance(part, Handout):
        values["protect_content"] = True
    if part.keyboard:
        values["reply_markup"] = _markup(part)
    return values


def _spoken(address: str, part: Voiced) -> dict[str, Any]:
    values = _common(address, part)
    if part.text:
        values["caption"] = part.text
    if part.quiet:
        values["disable_notification"] = True
    return values


def _change(address: str, part: Part) -> dict[str, Any]:
    return {"chat_id": address, "message_id": part.edits, "reply_markup": _markup(part)}


def _markup(part: Part) -> dict[str, Any]:
    rows = [[{"text": key.label, "callback_data": key.data} for key in row] for row in part.keyboard]
    return {"inline_keyboard": rows}
