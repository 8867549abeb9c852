"""People on the staff who sign in, the mails that they get, and a passkey made of nothing but software."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import cbor2
import pyotp
from aiohttp import ClientResponse, ClientSession, CookieJar
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Connection, select

from bot.console.desk import DESK, Desk
from bot.mailing import Post
from bot.signing_in import enrolling, recovery
from bot.signing_in.setting import SigningIn
from storage import factors, schema
from tests.bot.staff_world import SAME_SITE, MarkedArabic, World, world

Browser = ClientSession
SITE = "https://checkin.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass
class Letters:
    """A mail server that keeps what it gets."""

    sent: list[EmailMessage] = field(default_factory=list)

    async def send(self, message: EmailMessage) -> None:
        self.sent.append(message)


@dataclass
class Door:
    """A service whose staff sign in. Browsers speak to ``server``, which is ``SITE`` to them."""

    service: World
    server: TestServer
    letters: Letters

    @property
    def desk(self) -> Desk:
        return self.server.app[DESK]

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[Browser]:
        """A browser of its own, with its own cookies."""
        async with ClientSession(base_url=self.server.make_url("/"), cookie_jar=CookieJar(unsafe=True)) as session:
            yield session

    async def mailed(self) -> list[str]:
        """The texts of all mails so far, when everything is told."""
        await self.desk.outgoing.settled()
        return [str(message.get_content()) for message in self.letters.sent]

    async def code(self) -> str:
        """The code of the last mail."""
        found = re.search(r"^  ([0-9A-Z]{4}-[0-9A-Z]{4})$", (await self.mailed())[-1], re.MULTILINE)
        assert found
        return found[1]

    async def with_app(self, name: str = "Anna", role: str = "specialist") -> int:
        """Somebody who has an authenticator app."""
        staff = await self.service.staff(name, role)
        await self.write(lambda conn: factors.put_app(conn, self.service.vault, staff, SECRET, 0, self.service.now))
        return staff

    async def paper(self, staff: int) -> list[str]:
        """New recovery codes of somebody."""
        made = recovery.make(self.service.vault, self.desk.random)
        await self.write(lambda conn: recovery.put(conn, staff, made))
        return list(made.codes)

    def shown(self, later: int = 0) -> str:
        """What the app shows now, or some seconds later."""
        return pyotp.TOTP(SECRET).at(self.service.now + timedelta(seconds=later))

    async def invited(self, staff: int, *, afresh: bool = False) -> str:
        """The token of a new link to set up how somebody signs in."""
        desk = self.desk
        path = await self.write(
            lambda conn: enrolling.enrol(conn, desk.vault, staff, "test", desk.now(), desk.random, afresh=afresh)
        )
        return path.partition("#")[2]

    async def write(self, work):  # type: ignore[no-untyped-def]
        """In one transaction."""
        return await self.service.database.write(work)

    async def audit(self) -> list[tuple[str, str, Mapping[str, object] | None]]:
        """Who did what, in order."""

        def read(conn: Connection) -> list[tuple[str, str, Mapping[str, object] | None]]:
            rows = conn.execute(select(schema.audit).order_by(schema.audit.c.id))
            return [(row.actor, row.action, row.details) for row in rows]

        return await self.service.database.read(read)


@asynccontextmanager
async def door(
    folder: Path, signing: SigningIn | None = None, catalogs: MarkedArabic | None = None
) -> AsyncIterator[Door]:
    """A service that can be reached."""
    async with world(folder, catalogs) as service:
        app = service.application(signing=signing or SigningIn(SITE))
        letters = Letters()
        app[DESK].outgoing.post = Post(letters, "medvind@checkin.example", SITE)
        server = TestServer(app)
        await server.start_server()
        try:
            yield Door(service, server, letters)
        finally:
            await server.close()


async def post(browser: Browser, address: str, **fields: str) -> ClientResponse:
    """Send a form, and stay where it leads."""
    return await browser.post(address, data=fields, headers=SAME_SITE, allow_redirects=False)


async def ask(browser: Browser, mail: str = "anna@example.org", back: str = "") -> ClientResponse:
    """Ask for a code by mail."""
    return await post(browser, "/sign-in", mail=mail, back=back)


async def sign_in(at: Door, browser: Browser, mail: str = "anna@example.org") -> ClientResponse:
    """Both steps, with the app."""
    await ask(browser, mail)
    assert (await post(browser, "/sign-in/code", code=await at.code())).status == 303
    return await post(browser, "/sign-in/second", code=at.shown())


def where(answer: ClientResponse) -> tuple[int, str]:
    """What an answer is, and where it leads."""
    return answer.status, answer.headers.get("Location", "")


# A passkey ------------------------------------------------------------------------------------------------------------

_VERIFIED, _PRESENT, _ATTESTED = 0x04, 0x01, 0x40


@dataclass
class SoftPasskey:
    """An authenticator that does what WebAuthn says, or something else where a test changes it."""

    origin: str = SITE
    rp_id: str = "checkin.example"
    verifies: bool = True
    count: int = 0
    credential_id: bytes = b"credential-0001"
    handle: bytes = b""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, options: Mapping[str, object]) -> str:
        """The answer to being asked for a new passkey."""
        user = options["user"]
        assert isinstance(user, dict)
        self.handle = unpacked(user["id"])
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + cose
        data = self._data(_ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", str(options["challenge"]))
        return self._answer({"clientDataJSON": packed(client), "attestationObject": packed(attestation)})

    def proof(self, options: Mapping[str, object]) -> str:
        """The answer to being asked for a proof."""
        self.count += 1
        client, data = self._client("webauthn.get", str(options["challenge"])), self._data(0)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": packed(client),
                "authenticatorData": packed(data),
                "signature": packed(signature),
                "userHandle": packed(self.handle),
            }
        )

    def _data(self, flags: int) -> bytes:
        set_flags = flags | _PRESENT | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([set_flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}).encode()

    def _answer(self, response: Mapping[str, str]) -> str:
        name = packed(self.credential_id)
        said = {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response}
        return json.dumps(said)


async def asked(browser: Browser, address: str) -> Mapping[str, object]:
    """What the browser is asked for there."""
    answer = await browser.post(address, headers=SAME_SITE, allow_redirects=False)
    assert answer.status == 200, answer.headers
    said: Mapping[str, object] = await answer.json()
    return said


async def enrolled(at: Door, browser: Browser, staff: int, key: SoftPasskey) -> ClientResponse:
    """Somebody sets up a passkey by their link."""
    await post(browser, "/enrol", token=await at.invited(staff))
    return await post(browser, "/enrol/passkey", credential=key.made(await asked(browser, "/enrol/passkey/options")))


async def shows_passkey(browser: Browser, key: SoftPasskey) -> ClientResponse:
    """Sign in with it."""
    return await post(
        browser, "/sign-in/passkey", credential=key.proof(await asked(browser, "/sign-in/passkey/options"))
    )


def packed(data: bytes) -> str:
    """As base64url."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpacked(text: object) -> bytes:
    """From base64url."""
    return base64.urlsafe_b64decode(str(text) + "==")
