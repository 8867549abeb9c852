"""Pages: phones to look at and to use in a browser, and the list of them."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import msgspec
from aiohttp.web import BaseRequest, Response

from tests.telegram_stand_in.bots import Bot
from tests.telegram_stand_in.chats import Message
from tests.telegram_stand_in.menus import commands_shown, in_language
from tests.telegram_stand_in.phones import Phone

if TYPE_CHECKING:
    from tests.telegram_stand_in.server import StandIn

FOLDER = Path(__file__).parent / "page"
KINDS = {".js": "text/javascript", ".css": "text/css"}
LONGEST = 20.0
"""Seconds that a page waits for news before it asks again."""
SOMEBODY = 1_001
"""Who opens a link of a bot without saying who they are."""
Asked = dict[str, Any]


class Pages:
    """Everything that is not the Bot API."""

    def __init__(self, server: StandIn) -> None:
        self._server = server

    async def answer(self, request: BaseRequest) -> Response:
        """One request of a browser."""
        path = request.path
        try:
            if path == "/":
                return _html((FOLDER / "list.html").read_text("utf-8").replace("{{list}}", self._list()))
            if path.startswith("/page/"):
                return _asset(path.removeprefix("/page/"))
            if path.startswith("/t.me/"):
                return self._linked(path.removeprefix("/t.me/"), dict(request.query))
            if path == "/phone":
                self._phone(dict(request.query))
                return _html((FOLDER / "phone.html").read_text("utf-8"))
            if path == "/phone/file":
                return self._file(dict(request.query))
            if path == "/phone/state":
                return await self._state(dict(request.query))
            if path.startswith("/phone/") and request.method == "POST":
                return await self._act(path.removeprefix("/phone/"), request)
        except (LookupError, ValueError) as problem:
            return Response(status=400, text=str(problem))
        return Response(status=404, text="There is no such page.")

    def _phone(self, asked: Asked) -> Phone:
        bot = self._server.bot_named(str(asked["bot"]))
        person = self._server.person(int(asked["user"]), str(asked.get("language") or "en"))
        if asked.get("language"):
            person.language_code = str(asked["language"])
        return Phone(person.id, person.language_code, self._server, bot, first_name=person.first_name)

    def _list(self) -> str:
        lines = []
        for bot in self._server.bots:
            people = [chat.id for chat in bot.chats.values() if chat.person] or [SOMEBODY]
            links = [(f"/phone?{urlencode({'user': number, 'bot': bot.username})}", number) for number in people]
            items = "".join(f'<li><a href="{escape(link)}">Phone of {number}</a></li>' for link, number in links)
            lines.append(f"<section><h2>{escape(bot.name)} <small>@{escape(bot.username)}</small></h2><ul>{items}</ul>")
            lines.append("</section>")
        return "".join(lines)

    def _linked(self, username: str, asked: Asked) -> Response:
        bot = self._server.bot_named(username)
        fields = {"user": asked.get("user", SOMEBODY), "bot": bot.username, "start": asked.get("start", "")}
        return Response(status=302, headers={"Location": f"/phone?{urlencode(fields)}"})

    def _file(self, asked: Asked) -> Response:
        found = self._server.bot_named(str(asked["bot"])).files[str(asked["file"])]
        return Response(body=found.content, content_type=found.kind)

    async def _state(self, asked: Asked) -> Response:
        phone = self._phone(asked)
        if int(asked.get("version", -1)) == phone.chat.version:
            await phone.chat.change(LONGEST)
        return _json(_shown(phone))

    async def _act(self, name: str, request: BaseRequest) -> Response:
        if request.content_type != "application/json":
            return Response(status=415)
        asked = msgspec.json.decode(await request.read())
        phone = self._phone(asked)
        match name:
            case "type":
                await phone.type(asked["text"])
            case "start":
                await phone.start(asked.get("payload", ""))
            case "tap":
                await phone.tap(asked["data"], asked["message"])
            case "edit":
                await phone.edit(asked["message"], asked["text"])
            case "send":
                await phone.send_kind(asked["kind"])
            case "block":
                await phone.block()
            case "unblock":
                await phone.unblock()
            case "language":
                phone.chat.changed()
            case _:
                return Response(status=404)
        return _json(_shown(phone))


def _shown(phone: Phone) -> Asked:
    bot, chat = phone.bot, phone.chat
    language = phone.person.language_code
    taps = phone.taps
    told = next((tap for tap in reversed(taps) if tap.answered and tap.text), None)
    return {
        "version": chat.version,
        "bot": {"name": in_language(bot.menus.names, language) or bot.name, "username": bot.username},
        "user": phone.id,
        "language": language,
        "state": chat.state,
        "description": in_language(bot.menus.descriptions, language),
        "commands": commands_shown(bot, chat.id, language),
        "messages": [
            {
                **msgspec.to_builtins(phone.bubble(message)),
                "at": message["date"],
                "entities": message.get("entities") or message.get("caption_entities", []),
                "size": message["photo"][-1]["file_size"] if "photo" in message else 0,
                "file": _playable(bot, message),
            }
            for message in chat.messages.values()
        ],
        "waiting": [[tap.message, tap.data] for tap in taps if not tap.answered],
        "toast": {"id": told.id, "text": told.text, "alert": told.alert} if told else None,
    }


def _playable(bot: Bot, message: Message) -> str:
    """The file of a message that can be listened to. What a person sends is only a shape."""
    number = str((message.get("voice") or message.get("audio") or {}).get("file_id", ""))
    return number if number in bot.files else ""


def _json(found: Asked) -> Response:
    return Response(body=msgspec.json.encode(found), content_type="application/json")


def _html(page: str) -> Response:
    return Response(text=page, content_type="text/html")


def _asset(name: str) -> Response:
    known = {path.name: path for path in FOLDER.iterdir() if path.suffix in KINDS}
    if name not in known:
        return Response(status=404)
    return Response(body=known[name].read_bytes(), content_type=KINDS[known[name].suffix], charset="utf-8")
