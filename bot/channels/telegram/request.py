"""Request: how python-telegram-bot reaches Telegram here: by aiohttp, which the rest of Medvind uses as well.

The address of every request holds the bot's token, and its body what people are told. So no error that comes from
here holds an address or a body, neither itself nor what it was caused by: they name the kind of trouble. Importing this
module loads ``telegram``, which takes 0.2 s: whoever has no token leaves it alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import aiohttp
import msgspec
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

_MOST_CONNECTIONS = 20
_KEPT_OPEN = 30.0
"""Seconds that an idle connection is kept: shorter than servers keep it, so that none is used that they have closed."""
_JSON = {"Content-Type": "application/json"}
_ENDINGS = {"image/png": "png", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/ogg": "ogg"}

_NEVER_MADE = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
    UnicodeError,
)
"""With these, nothing has been sent. (A name that is none cannot be written; a text was written by then.)"""

_GATEWAY_TIMED_OUT = 504
_Seconds = Any
"""A number, None for no limit, or python-telegram-bot's private sign for what this request was made with."""


class Unreached(Exception):
    """Nothing was sent: no connection was made."""


class Unanswered(Exception):
    """It was sent, or a part of it, and no whole answer came back."""


class Refusal(TelegramError):
    """Telegram answered with an error: its HTTP status, its own description, and how many seconds to wait."""

    def __init__(self, status: int, description: str, retry_after: float = 0) -> None:
        super().__init__(description)
        self.description = description
        self.status = status
        self.retry_after = retry_after


class _Parameters(msgspec.Struct):
    retry_after: float = 0


class _Error(msgspec.Struct):
    ok: bool
    description: str = ""
    parameters: _Parameters | None = None


class AiohttpRequest(BaseRequest):
    """One session for one bot. Timeouts are seconds; python-telegram-bot may give others for a single call.

    Where the reason is on the way, errors are NetworkError or TimedOut with ``Unreached`` or ``Unanswered`` as their
    cause. Refusal is Telegram's own answer. A NetworkError without a cause is one from a server in between.
    """

    __slots__ = ("_connect", "_limits", "_pool", "_read", "_session")

    def __init__(self, *, connect_timeout: float = 5, read_timeout: float = 15, pool_timeout: float = 5) -> None:
        self._connect, self._read, self._pool = connect_timeout, read_timeout, pool_timeout
        self._limits = _limits(connect_timeout, pool_timeout, read_timeout)
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer, where a call does not say otherwise."""
        return self._read

    async def initialize(self) -> None:
        """Open the session. A second call has no effect."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=_MOST_CONNECTIONS, keepalive_timeout=_KEPT_OPEN)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Close the session. A second call has no effect."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        write_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        connect_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
        pool_timeout: _Seconds = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body of a good answer. Raises what the class says for every other end.

        aiohttp has no time limit of its own for writing: a body that nobody takes runs into that for reading.
        """
        limits = _limits(
            _seconds(connect_timeout, self._connect),
            _seconds(pool_timeout, self._pool),
            _seconds(read_timeout, self._read),
        )
        return await self._asked(method, url, _body(request_data), limits)

    async def call(self, url: str, values: Mapping[str, Any]) -> Any:
        """What a method gives for these values. It raises what a request does.

        The short way for what is called for every message: the library takes each value by itself to look for files,
        and works out time limits anew, which is a third of a call.
        """
        _, payload = await self._asked("POST", url, {"data": _encoded(values), "headers": _JSON}, self._limits)
        return self.parse_json_payload(payload)["result"]

    async def upload(self, url: str, values: Mapping[str, Any], name: str, file: bytes, kind: str = "image/png") -> Any:
        """The same for a method that takes a file as the value called ``name``. The file is called so as well: where it
        comes from is nobody's business."""
        form = aiohttp.FormData({key: _as_field(value) for key, value in values.items()})
        form.add_field(name, BytesIO(file), filename=f"{name}.{_ENDINGS[kind]}", content_type=kind)
        _, payload = await self._asked("POST", url, {"data": form}, self._limits)
        return self.parse_json_payload(payload)["result"]

    async def _asked(
        self, method: str, url: str, body: dict[str, Any], limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NetworkError("the session is closed") from Unreached("SessionClosed")
        # The original error is left behind: it knows the address.
        answer = await _answer(self._session, method, url, body, limits)
        if isinstance(answer, NetworkError):
            raise answer
        status, payload = answer
        if not 200 <= status <= 299:
            raise _refused(status, payload)
        return status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The object of a good answer. Raises NetworkError for what is none, and does not log it as its parent does."""
        try:
            answer = msgspec.json.decode(payload)
        except ValueError:
            answer = None
        if isinstance(answer, dict) and "result" in answer:
            return answer
        trouble = NetworkError("the answer is not whole")
        trouble.__cause__ = Unanswered("BrokenAnswer")
        raise trouble


def _limits(connect: float | None, pool: float | None, read: float | None) -> aiohttp.ClientTimeout:
    waiting = connect + pool if connect and pool else None
    return aiohttp.ClientTimeout(connect=waiting, sock_connect=connect, sock_read=read)


def _seconds(given: _Seconds, otherwise: float) -> float | None:
    return float(given) if isinstance(given, int | float) else None if given is None else otherwise


async def _answer(
    session: aiohttp.ClientSession, method: str, url: str, body: dict[str, Any], limits: aiohttp.ClientTimeout
) -> tuple[int, bytes] | NetworkError:
    try:
        async with session.request(method, url, timeout=limits, allow_redirects=False, **body) as response:
            return response.status, await response.read()
    except Exception as error:
        return _trouble(error)


def _trouble(error: Exception) -> NetworkError:
    """An error as it is passed on: its kind, and whether anything may have been sent."""
    kind = type(error).__name__
    said = TimedOut(kind) if isinstance(error, TimeoutError) else NetworkError(kind)
    said.__cause__ = Unreached(kind) if isinstance(error, _NEVER_MADE) else Unanswered(kind)
    return said


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": _encoded(data.parameters), "headers": _JSON}
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return {"data": form}


def _as_field(value: Any) -> str:
    """A value in a form: text as it is, everything else as JSON. Raises Refusal like ``_encoded``."""
    encoded = _encoded(value)
    return value if isinstance(value, str) else encoded.decode()


def _encoded(values: Any) -> bytes:
    """Raises Refusal before anything is sent, and nothing else: half a character cannot be written."""
    try:
        return msgspec.json.encode(values)
    except UnicodeEncodeError:
        pass
    raise Refusal(400, "the text cannot be written as UTF-8")


def _refused(status: int, payload: bytes) -> TelegramError:
    """What an error says. Telegram's are JSON; any other page comes from a server on the way."""
    try:
        error = msgspec.json.decode(payload, type=_Error)
    except ValueError:
        return _from_between(status)
    waits = error.parameters.retry_after if error.parameters else 0
    return Refusal(status, error.description or f"HTTP {status}", waits)


def _from_between(status: int) -> NetworkError:
    trouble = NetworkError(f"HTTP {status}")
    if status == _GATEWAY_TIMED_OUT:
        trouble.__cause__ = Unanswered(f"HTTP {status}")
    return trouble
