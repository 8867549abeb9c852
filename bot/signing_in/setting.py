"""Setting: what an operator says about signing in, and where the pages are, as browsers see it."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import hdrs, web
from yarl import URL

from bot.channels.http import is_https
from bot.signing_in.limits import client_of
from bot.signing_in.passkeys import Site
from bot.signing_in.provider import Provider


@dataclass(frozen=True, slots=True)
class SigningIn:
    """``address`` is how people reach the pages, empty on a machine of one's own. ``proxies`` are ours, between
    browsers and Medvind. ``provider`` is the organisation's own sign-in, if there is one."""

    address: str = ""
    proxies: int = 0
    provider: Provider | None = None

    def site(self, request: web.Request) -> Site:
        """The site that passkeys are for. Without an address it is wherever the browser found the pages."""
        if self.address:
            return Site(str(URL(self.address).origin()))
        return Site(f"{'https' if is_https(request) else 'http'}://{request.host}")

    def client(self, request: web.Request) -> str:
        """Who is counted as one client."""
        return client_of(request.remote, ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, [])), self.proxies)
