"""Phone: a browser without scripts, on which somebody fills in the forms that they see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, FormData
from aiohttp.test_utils import TestClient

from tests.bot.digest_samples import plain
from tests.bot.page_forms import Fields, Seen

OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says when a page of ours sent the form."""


@dataclass
class Phone:
    """``site`` is anything with the ``token`` of a personal link; ``page`` is what is on the screen."""

    client: TestClient
    site: Any
    page: Seen = None  # type: ignore[assignment]
    status: int = 0

    async def get(self, path: str, **headers: str) -> ClientResponse:
        """Open an address."""
        return await self._show(await self.client.get(path, headers=headers))

    async def post(self, path: str, fields: Fields, **options: object) -> ClientResponse:
        """Send a form."""
        options.setdefault("headers", OURS)
        return await self._show(await self.client.post(path, data=FormData(fields), **options))  # type: ignore[arg-type]

    async def press(self, button: str, *ticked: str, text: str | None = None) -> ClientResponse:
        """Press a button of the page, after ticking boxes and writing into the field of its form."""
        form = self.page.form(button)
        return await self.post(form.action, form.sent(button, ticked, text))

    async def arrive(self, language: str = "en") -> ClientResponse:
        """Open the personal link and tap a language."""
        return await self.post(f"/c/{self.site.token}", [("language", language)])

    async def _show(self, response: ClientResponse) -> ClientResponse:
        self.page, self.status = Seen(await response.text()), response.status
        return response

    def sees(self, *words: str) -> bool:
        """Whether all this stands on the page. Signs that keep directions apart are not seen."""
        return all(plain(word) in plain(self.page.words) for word in words)
