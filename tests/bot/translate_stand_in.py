"""A server that speaks as LibreTranslate does and is strict about it, and a translator without a server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.translating import Away, Unable

Answer = Callable[[dict[str, Any]], web.StreamResponse]
CODES = ("ar", "en", "fa", "nb")


@dataclass
class StandIn:
    """Translates by writing the target before each text. ``answer`` replaces that; ``asked`` is every body it got."""

    key: str = ""
    codes: Sequence[str] = CODES
    languages: Callable[[], web.StreamResponse] | None = None
    answer: Answer | None = None
    hangs: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    listed: int = 0
    url: str = ""

    async def list_languages(self, request: web.Request) -> web.StreamResponse:
        self.listed += 1
        if self.languages is not None:
            return self.languages()
        every = [{"code": code, "name": code, "targets": list(self.codes)} for code in self.codes]
        return web.json_response(every)

    async def translate(self, request: web.Request) -> web.StreamResponse:
        body: dict[str, Any] = await request.json()
        self.asked.append(body)
        if self.hangs:
            await asyncio.Event().wait()
        if self.answer is not None:
            return self.answer(body)
        if trouble := self._wrong(body):
            return web.json_response({"error": trouble}, status=400)
        if body.get("api_key", "") != self.key:
            return web.json_response({"error": "Invalid API key"}, status=403)
        return web.json_response({"translatedText": [f"{body['target']} {text}" for text in body["q"]]})

    def _wrong(self, body: dict[str, Any]) -> str:
        """What a request has that the real server would refuse, or leave out."""
        if body.keys() - {"api_key"} != {"q", "source", "target", "format"} or body["format"] != "text":
            return "wrong fields"
        if body["source"] not in self.codes or body["target"] not in self.codes:
            return "unknown language"
        texts = body["q"]
        return "" if isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts) else "wrong q"


@asynccontextmanager
async def stand_in(**more: Any) -> AsyncIterator[StandIn]:
    """One that listens on this machine."""
    server = StandIn(**more)
    app = web.Application()
    app.add_routes([web.get("/languages", server.list_languages), web.post("/translate", server.translate)])
    async with TestServer(app) as listening:
        server.url = str(listening.make_url("")).rstrip("/")
        yield server


@dataclass
class Words:
    """A translator that knows some texts, notes what it is asked, and is away or unable when a test says so."""

    known: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    trouble: Away | Unable | None = None
    meanwhile: Callable[[], Any] | None = None

    async def translate(self, source: str, target: str, texts: Sequence[str]) -> Sequence[str]:
        self.asked.append((source, target, tuple(texts)))
        if self.trouble is not None:
            raise self.trouble
        if self.meanwhile is not None:
            await self.meanwhile()
        return [self.known.get(text, f"{target}: {text}") for text in texts]

    async def unknown(self, languages: Sequence[str]) -> Sequence[str]:
        return [language for language in languages if language not in CODES]
