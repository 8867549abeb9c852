"""Webhook: the page that Telegram brings updates to. It says yes when an update is stored, and not before."""

from __future__ import annotations

import hmac
import logging
from http import HTTPStatus

from aiohttp import web

from bot.channels.http import MACHINES, place_of
from bot.channels.telegram.intake import Intake
from storage.database import StorageAway
from storage.vault import Vault

LARGEST_UPDATE = 1024 * 1024
"""Bytes. Telegram's own are a few thousand."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
RETRY_AFTER = "5"
"""Seconds after which Telegram may bring an update again that could not be stored."""

_log = logging.getLogger(__name__)


class Webhook:
    """The page of one bot. Its path and its secret come from the deployment's key, so they need no place to be kept,
    and every process knows them."""

    def __init__(self, channel: str, vault: Vault, intake: Intake) -> None:
        self.path = f"/telegram/{_secret(vault, channel, 'path')}"
        self.secret = _secret(vault, channel, "header")
        self._intake = intake

    def add_to(self, app: web.Application) -> None:
        """Answer under ``path``. The access log writes patterns, and this one holds no secret."""
        folder, _, name = self.path.rpartition("/")
        app.setdefault(MACHINES, set()).add(app.router.add_post(f"{folder}/{{bot:{name}}}", self.take))

    async def take(self, request: web.Request) -> web.Response:
        """One update."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self.secret.encode()):
            return web.Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            body = await request.clone(client_max_size=LARGEST_UPDATE).read()
            callback_id = await self._intake.take(body)
        except StorageAway:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_AFTER})
        except web.HTTPRequestEntityTooLarge:
            _log.error("an update was larger than any that Telegram makes; it was not read")
            return web.Response()
        except Exception as error:
            # An error would be repeated for a day, with everything behind it waiting.
            _log.error("an update: %s at %s", type(error).__name__, place_of(error))
            return web.Response()
        if not callback_id:
            return web.Response()
        # The answer to the press goes along with the reply: one call less for every button.
        return web.json_response({"method": "answerCallbackQuery", "callback_query_id": callback_id})


def _secret(vault: Vault, channel: str, what: str) -> str:
    return vault.lookup(channel, f"webhook {what}").hex()
