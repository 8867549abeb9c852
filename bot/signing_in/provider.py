"""Provider: the organisation's own sign-in (OpenID Connect, code flow with PKCE), and what it says of a person.

Nothing is believed that is not signed by a key which the provider publishes now, for us, for this sign-in, just now.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import quote_plus, urlencode

from aiohttp import ClientError, ClientSession, ClientTimeout
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from yarl import URL

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures with a key of two halves. Ours is no secret to the provider's other clients."""

LEEWAY = 30
"""Seconds that clocks may differ."""

KEPT = timedelta(hours=1)
"""How long the provider's own description is believed."""

NEW_KEYS_AFTER = timedelta(seconds=30)
"""How often keys are asked for again because one is unknown."""

NO_PROOF: Mapping[str, str] = MappingProxyType({})
_LARGEST = 256 * 1024
_TIMEOUT = ClientTimeout(total=10)
_LOCAL = {"localhost", "127.0.0.1", "::1"}


class ProviderAway(Exception):
    """The provider cannot be asked now, or does not say what it has to say."""


class Unproved(Exception):
    """What came back proves nothing. The message is a word for the audit."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is there. ``mail`` is empty unless the provider has verified it."""

    issuer: str
    subject: str = field(repr=False)
    mail: str = field(repr=False)
    signed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Errand:
    """What a browser is sent to the provider with. It is kept until it comes back."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def new(cls) -> Errand:
        """Random, all three."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))


@dataclass(slots=True)
class Provider:
    """One provider. ``issuer`` is its address, without what discovery adds to it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    now: Callable[[], datetime]
    _said: Mapping[str, Any] = field(default_factory=dict)
    _said_at: datetime | None = None
    _keys: KeySet | None = None
    _keys_at: datetime | None = None

    async def address(self, errand: Errand, back: str, *, again: bool = False) -> str:
        """Where the browser is sent. ``again``: the person has to sign in there anew. Raises ProviderAway."""
        said = await self._description()
        digest = hashlib.sha256(errand.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": back,
            "scope": "openid email",
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            **({"prompt": "login", "max_age": "0"} if again else {}),
        }
        at = said["authorization_endpoint"]
        return f"{at}{'&' if '?' in at else '?'}{urlencode(asked)}"

    async def identity(self, errand: Errand, code: str, back: str) -> Identity:
        """Who came back with this code. Raises ProviderAway and Unproved."""
        said = await self._description()
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": self.client_id,
            "code_verifier": errand.verifier,
        }
        proof = {}
        if "client_secret_basic" in said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            proof = {"Authorization": f"Basic {_basic(self.client_id, self.client_secret)}"}
        else:
            given["client_secret"] = self.client_secret
        status, answer = await self._ask("POST", said["token_endpoint"], data=given, proof=proof)
        token = answer.get("id_token")
        if status != 200 or not isinstance(token, str):
            raise Unproved("code")
        return self._identity(await self._claims(token), errand)

    def _identity(self, claims: Mapping[str, Any], errand: Errand) -> Identity:
        now = int(self.now().timestamp())
        wanted = jwt.JWTClaimsRegistry(
            now=now,
            leeway=LEEWAY,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True},
        )
        try:
            wanted.validate(dict(claims))
        except JoseError as wrong:
            raise Unproved(getattr(wrong, "claim", "") or wrong.error) from None
        audience, party = claims["aud"], claims.get("azp")
        if (isinstance(audience, list) and len(audience) > 1 and party is None) or party not in (None, self.client_id):
            raise Unproved("azp")
        if not secrets.compare_digest(str(claims["nonce"]).encode(), errand.nonce.encode()):
            raise Unproved("nonce")
        at = claims.get("auth_time")
        return Identity(
            self.issuer,
            claims["sub"],
            str(claims.get("email", "")) if claims.get("email_verified") is True else "",
            datetime.fromtimestamp(at, self.now().tzinfo) if isinstance(at, int) else None,
        )

    async def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            key_id = json.loads(_decoded(token.partition(".")[0])).get("kid")
        except (ValueError, AttributeError):
            raise Unproved("token") from None
        keys = await self._key_set(key_id)
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            raise Unproved("signature") from None

    async def _key_set(self, key_id: object) -> KeySet:
        """The keys of the provider, asked for again when one is named that is not among them."""
        now = self.now()
        fresh = self._keys_at is not None and now - self._keys_at < KEPT
        known = fresh and self._keys is not None and any(key.kid == key_id for key in self._keys.keys)
        recent = self._keys_at is not None and now - self._keys_at < NEW_KEYS_AFTER
        if self._keys is None or not (known or (fresh and recent)):
            _, answer = await self._ask("GET", (await self._description())["jwks_uri"])
            try:
                self._keys, self._keys_at = KeySet.import_key_set({"keys": _usable(answer)}), now
            except (JoseError, ValueError, KeyError, TypeError):
                raise ProviderAway("its keys cannot be read") from None
        return self._keys

    async def _description(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        now = self.now()
        if self._said_at is None or now - self._said_at >= KEPT:
            status, said = await self._ask("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if status != 200 or said.get("issuer") != self.issuer:
                raise ProviderAway("it says that it is another one, or nothing")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if not _is_safe(str(said.get(name, "")), self.issuer):
                    raise ProviderAway(f"{name} is no https address")
            self._said, self._said_at = said, now
        return self._said

    async def _ask(
        self, method: str, address: str, *, data: Mapping[str, str] | None = None, proof: Mapping[str, str] = NO_PROOF
    ) -> tuple[int, Mapping[str, Any]]:
        try:
            async with (
                ClientSession(timeout=_TIMEOUT) as session,
                session.request(
                    method, address, data=data, allow_redirects=False, headers={"Accept": "application/json", **proof}
                ) as answer,
            ):
                body = b""
                async for piece in answer.content.iter_chunked(16 * 1024):
                    body += piece
                    if len(body) > _LARGEST:
                        raise ProviderAway("it says too much")
                said = json.loads(body)
                if not isinstance(said, dict):
                    raise ProviderAway("it says no object")
                return answer.status, said
        except (ClientError, TimeoutError, OSError, ValueError) as away:
            raise ProviderAway(type(away).__name__) from None


def _is_safe(address: str, issuer: str) -> bool:
    """Whether it is an https address. Only a provider on this machine may be asked in the clear."""
    try:
        url, theirs = URL(address), URL(issuer)
    except ValueError:
        return False
    here = url.scheme == theirs.scheme == "http" and {url.host, theirs.host} <= _LOCAL
    return bool(url.host) and (url.scheme == "https" or here)


def _usable(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Keys of the kinds that sign here. Others in the list, and those for encryption, are passed over."""
    keys = [key for key in answer.get("keys", []) if isinstance(key, dict)]
    return [key for key in keys if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"]


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _basic(name: str, secret: str) -> str:
    """Name and secret as RFC 6749, 2.3.1 has them in the header."""
    return base64.b64encode(f"{quote_plus(name)}:{quote_plus(secret)}".encode()).decode()
