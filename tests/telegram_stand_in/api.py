"""Api: takes calls of bots, lets faults happen, answers and notes everything."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec
from aiohttp.web import BaseRequest, Response

from tests.telegram_stand_in import parameters
from tests.telegram_stand_in.bots import Bot
from tests.telegram_stand_in.faults import Fault
from tests.telegram_stand_in.keyboards import shown
from tests.telegram_stand_in.log import NO_ANSWER, Call, Sent
from tests.telegram_stand_in.methods import METHODS, NOT_AS_REPLY, WRITING
from tests.telegram_stand_in.parameters import Parameters
from tests.telegram_stand_in.platform import Platform
from tests.telegram_stand_in.refusal import NO_METHOD, NOT_FOUND, UNAUTHORIZED, Refusal

encode = msgspec.json.Encoder().encode
BROKEN_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>\r\n"
REASONS = {500: "500 Internal Server Error", 502: "502 Bad Gateway", 503: "503 Service Unavailable"}


class Api:
    """The addresses under ``/bot<token>/``."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.bots: list[Bot] = []

    def bot(self, token: str) -> Bot | None:
        """The bot with this token."""
        number = token.partition(":")[0]
        return next((bot for bot in self.bots if bot.token == token), None) if number.isdigit() else None

    async def answer(self, request: BaseRequest) -> Response:
        """One call."""
        token, _, name = request.path[len("/bot") :].partition("/")
        fault = self.platform.faults.strike(name.lower())
        name = METHODS.get(name.lower(), (name,))[0]
        if fault is not None and fault.kind in ("drop", "fail"):
            return self._before(request, name, fault)
        bot = self.bot(token)
        given: Parameters = {}
        try:
            if not name:
                raise NOT_FOUND
            if bot is None:
                raise UNAUTHORIZED
            given = await parameters.read(request)
        except Refusal as refusal:
            status, body = refusal.code, refusal.body()
        else:
            status, body = await self.call(bot, name, given)
        return await self._after(request, bot, name, status, body, fault)

    async def call(self, bot: Bot, name: str, given: Parameters) -> tuple[int, dict[str, Any]]:
        """Do what was asked: a status and the body of the answer."""
        _, method = METHODS.get(name.lower(), (name, None))
        try:
            if method is None:
                raise NO_METHOD
            found = method(bot, given)
            result = await found if inspect.isawaitable(found) else found
        except Refusal as refusal:
            return refusal.code, refusal.body()
        except Exception as error:
            self.platform.broken.append(error)
            raise
        if name in WRITING and self.platform.log.keep:
            self._note_message(bot, name, result, given)
        return 200, {"ok": True, "result": result}

    async def reply(self, bot: Bot, given: Parameters) -> None:
        """Do what a bot asked for in its answer to a webhook. It never hears what became of it."""
        small = str(given["method"]).lower()
        name = METHODS.get(small, (small,))[0]
        if small in NOT_AS_REPLY or small.startswith("get"):
            return
        status, body = await self.call(bot, name, given)
        self._note(bot, name, status, body.get("description", ""), reply=True)

    def _before(self, request: BaseRequest, name: str, fault: Fault) -> Response:
        if fault.kind == "drop":
            self._note(None, name, NO_ANSWER)
            return _cut(request)
        self._note(None, name, fault.status)
        page = BROKEN_PAGE.format(REASONS.get(fault.status, str(fault.status)))
        return Response(status=fault.status, text=page, content_type="text/html")

    async def _after(
        self, request: BaseRequest, bot: Bot | None, name: str, status: int, body: dict[str, Any], fault: Fault | None
    ) -> Response:
        if fault is not None and fault.kind == "cut":
            self._note(bot, name, NO_ANSWER)
            return _cut(request)
        self._note(bot, name, status, body.get("description", ""))
        data = encode(body)
        if fault is not None and fault.kind == "delay":
            await self.platform.clock.sleep(fault.seconds)
        if fault is not None and fault.kind == "truncate":
            data = data[: len(data) // 2]
        response = Response(body=data, status=status, content_type="application/json")
        if status == 429:
            response.headers["Retry-After"] = str(body["parameters"]["retry_after"])
        return response

    def _note(self, bot: Bot | None, name: str, status: int, description: str = "", *, reply: bool = False) -> None:
        log = self.platform.log
        log.counts[name, status] += 1
        if log.keep:
            username = bot.username if bot else ""
            log.calls.append(Call(username, name, status, self.platform.clock.now(), description, reply))

    def _note_message(self, bot: Bot, name: str, message: dict[str, Any], given: Parameters) -> None:
        words = message.get("text") or message.get("caption", "")
        keyboard = shown(message.get("reply_markup", {}).get("inline_keyboard"))
        chat = message["chat"]["id"]
        now = self.platform.clock.now()
        self.platform.log.sent.append(
            Sent(bot.username, name, chat, message["message_id"], words, keyboard, now, given)
        )


def _cut(request: BaseRequest) -> Response:
    """End the connection: whatever is returned goes nowhere."""
    if request.transport is not None:
        request.transport.close()
    return Response()
