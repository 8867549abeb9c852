"""An organisation's sign-in on this machine, as strict as the specifications, with every fault that a test wants.

It signs people in without asking, gives a code once, for one client, one address and one verifier, and signs what it
says with a key that can be changed.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus

from aiohttp import web
from aiohttp.test_utils import TestServer
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from yarl import URL

CLIENT, SECRET = "medvind", "a secret with : and %"
Claims = dict[str, Any]


@dataclass
class Organisation:
    """``person`` is what it says of whoever signs in. ``change`` spoils the claims, ``sign_with`` the signature."""

    now: Callable[[], datetime]
    server: TestServer | None = None
    person: Claims = field(default_factory=lambda: {"sub": "u-1", "email": "anna@example.org", "email_verified": True})
    key: RSAKey | ECKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}))
    algorithm: str = "RS256"
    sign_with: RSAKey | ECKey | None = None
    change: Callable[[Claims], Claims] = lambda claims: claims
    says_issuer: str = ""
    asked_for_keys: int = 0
    signed_in_at: datetime | None = None
    methods: list[str] = field(default_factory=lambda: ["client_secret_basic"])
    _codes: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        assert self.server is not None
        return str(self.server.make_url("/realm")).rstrip("/")

    def rotate(self, kid: str = "second") -> None:
        """A new key, and the old one is not published any more."""
        self.key, self.algorithm = ECKey.generate_key("P-256", {"kid": kid, "use": "sig"}), "ES256"

    def visit(self, address: str) -> URL:
        """What a browser does that is sent there: where it is sent back to."""
        url = URL(address)
        assert str(url.with_query(None)) == f"{self.issuer}/authorize"
        asked = dict(url.query)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert {"openid", "email"} <= set(asked["scope"].split())
        assert all(len(asked[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
        if asked.get("max_age") == "0":
            self.signed_in_at = self.now()
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return URL(asked["redirect_uri"]).update_query(code=code, state=asked["state"], iss=self.issuer)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/realm/.well-known/openid-configuration", self._describe)
        app.router.add_get("/realm/keys", self._publish)
        app.router.add_post("/realm/token", self._token)
        return app

    async def _describe(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "issuer": self.says_issuer or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": self.methods,
            }
        )

    async def _publish(self, _: web.Request) -> web.Response:
        self.asked_for_keys += 1
        encrypting = RSAKey.generate_key(2048, {"kid": "other", "use": "enc"}).as_dict(private=False)
        unknown = {"kty": "AKP", "kid": "new-kind"}
        keys = KeySet([self.key]).as_dict(private=False)["keys"]
        return web.json_response({"keys": [encrypting, unknown, *keys]})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self._codes.pop(str(form["code"]), None)
        verifier = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        right = (
            self._is_client(request, form)
            and asked is not None
            and form["grant_type"] == "authorization_code"
            and form["redirect_uri"] == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )
        if not right or asked is None:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": self._id_token(asked)})

    def _is_client(self, request: web.Request, form: Mapping[str, Any]) -> bool:
        if "client_secret_basic" not in self.methods:
            return form.get("client_id") == CLIENT and form.get("client_secret") == SECRET
        given = base64.b64decode(request.headers["Authorization"].removeprefix("Basic ")).decode()
        sent = [unquote_plus(part) for part in given.split(":")]
        return sent == [CLIENT, SECRET] and "client_secret" not in form

    def _id_token(self, asked: Mapping[str, str]) -> str:
        at = int(self.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": asked["nonce"], **self.person}
        if self.signed_in_at is not None:
            claims["auth_time"] = int(self.signed_in_at.timestamp())
        header = {"alg": self.algorithm, "kid": self.key.kid}
        return jwt.encode(header, self.change(claims), self.sign_with or self.key, algorithms=[self.algorithm])


@asynccontextmanager
async def organisation(now: Callable[[], datetime]) -> AsyncIterator[Organisation]:
    """One that can be asked."""
    made = Organisation(now)
    made.server = TestServer(made.application())
    await made.server.start_server()
    try:
        yield made
    finally:
        await made.server.close()
